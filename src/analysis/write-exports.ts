import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImageReader } from '../decoding/image-reader.js';
import { exportRequestSchema } from '../export/export-request.js';
import { stemOf } from '../export/exported-file.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import type { OutcomeFile } from '../job/outcome-file.js';
import type { SolveParams } from '../job/param-table.js';
import type { WrittenExport } from '../job/written-exports.js';
import { storedOutcomeFile } from '../store/outcome-file.js';
import type { AnalysisContext, AnalysisOutcome } from './analysis.js';
import { exportSource } from './export-source.js';

/** What their names have in the place of the image's: they are known beforehand, and no other file of a job has one. */
const STEM = 'export';

export interface WriteExportsOptions extends AnalysisContext {
  /** Of the image. */
  path: string;
  params: Pick<SolveParams, 'extension'>;
  reader: ImageReader;
}

/**
 * Makes the exports that were asked for of an image that was just solved, as files beside those of its solver. One that cannot be made, or
 * not in time, costs neither the solution nor the others: why stands in `exports` of the result, and in the log. Rejects with the reason of
 * the signal, but for the timeout.
 */
export async function writeExports(
  { result, files }: AnalysisOutcome,
  options: WriteExportsOptions,
): Promise<AnalysisOutcome> {
  const { exports: wanted = [], signal } = options;
  if (!result.ok || wanted.length === 0) return { result, files };
  options.onProgress({ stage: 'exporting' });
  const made: Record<string, OutcomeFile> = {};
  const exports: WrittenExport[] = [];
  for (const { file: _file, error: _error, ...asked } of wanted) {
    try {
      signal.throwIfAborted();
      const { name, path } = await writeExport(asked, { result, files }, options);
      made[name] = path;
      exports.push({ ...asked, file: name });
    } catch (thrown) {
      const { code, message } = toAstroJobsError(thrown, `making the export ${asked.format}`);
      if (signal.aborted && code !== 'timeout') throw signal.reason;
      options.log(`[astro-jobs] The export ${asked.format} could not be made: ${message}\n`);
      exports.push({ ...asked, error: { code, message } });
    }
  }
  return { result: { ...result, exports }, files: { ...files, ...made } };
}

async function writeExport(
  asked: WrittenExport,
  { result, files }: AnalysisOutcome,
  { path: imagePath, filename, params, reader, scratch, signal }: WriteExportsOptions,
): Promise<{ name: string; path: string }> {
  const parsed = exportRequestSchema.safeParse(asked);
  if (!parsed.success)
    throw new AstroJobsError(
      'invalid_params',
      'This release knows no such format, or not how it is to be drawn',
    );
  const { format, ...drawing } = parsed.data;
  const file = (name: string) => storedOutcomeFile(files, name);
  const { exportFile } = await import('../export/export.js');
  const extension = params.extension ?? undefined;
  const source = exportSource({ imagePath, filename, extension, result, file, reader, signal });
  const exported = await exportFile(format, source, { ...drawing, signal });
  const name = `${STEM}${exported.name.slice(stemOf(filename).length)}`;
  const path = join(scratch, name);
  await pipeline(exported.read(), createWriteStream(path), { signal });
  return { name, path };
}
