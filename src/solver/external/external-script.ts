import { realpath, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { defaultExtractorBin } from '../../defaults.js';
import { DECODERS } from '../../image/decoders.js';
import { AstroJobsError } from '../../job/errors.js';
import type { SolveContext, SolveOutcome, SolveRequest, Solver, SolverInfo } from '../solver.js';
import { findExtractor } from './find-extractor.js';
import { runExtractor } from './run-extractor.js';

export interface ExternalScriptOptions {
  /** Path of the script. @default process.env.ASTRO_EXTRACT_BIN ?? './astro_extract.py' */
  bin?: string;
}

/** An external extraction script, which answers with a whole result document. */
export class ExternalScript implements Solver {
  readonly name = 'external';
  readonly #bin: string | undefined;

  constructor({ bin }: ExternalScriptOptions = {}) {
    this.#bin = bin;
  }

  async inspect(): Promise<SolverInfo> {
    const { available, path, ...rest } = await findExtractor(this.#bin ?? defaultExtractorBin());
    return { name: this.name, available, path, ...rest };
  }

  async solve({ image, params }: SolveRequest, context: SolveContext): Promise<SolveOutcome> {
    const found = await findExtractor(this.#bin ?? defaultExtractorBin());
    if (!found.available) throw new AstroJobsError('solver_unavailable', found.problem);
    const { scratch, signal, log, onProgress } = context;
    onProgress({ stage: 'solving' });
    // The script may hand the path to a shell, so it is never one that a user chose.
    const imagePath = join(scratch, `image.${DECODERS[image.kind].extension}`);
    await symlink(image.path, imagePath);
    const hidden = new Map([
      [resolve(image.path), basename(imagePath)],
      [await realpath(image.path), basename(imagePath)],
      ...[await realpath(scratch), scratch].flatMap((folder): [string, string][] => [
        [`${folder}/`, ''],
        [folder, '.'],
      ]),
    ]);
    const document = await runExtractor({
      bin: found.path,
      imagePath,
      params,
      scratch,
      hidden,
      signal,
      log,
    });
    return { kind: 'document', document, files: {} };
  }
}
