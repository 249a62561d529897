import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { withAnalysis } from '../../analyze.js';
import { anySignal } from '../../async/any-signal.js';
import { defaultIndexDirs } from '../../defaults.js';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { lookForIndexes } from '../../solver/indexes/places.js';
import { notWritten } from '../write-output.js';
import type { SolveFieldArguments } from './arguments.js';
import { type Outputs, outputsOf } from './outputs.js';
import { fieldLines } from './report.js';
import { writeSolved, writeUnsolved } from './write-outputs.js';

/** Where solve-field's words go. */
export interface Voice {
  /** A line on stdout. */
  tell(line: string): void;
  /** A line on stderr. */
  warn(line: string): void;
  /** Text on stderr, in pieces. */
  log(text: string): void;
}

/** How solve-field ends where an image or a folder cannot be used; an image without a solution ends it with 0. */
export const UNUSABLE = 255;

const CANCEL_POLL_MS = 200;

/** Codes of images that were looked at and not solved; others could not be used at all. */
const UNSOLVED = new Set(['no_solution', 'too_few_stars', 'timeout', 'cancelled', 'no_index_for_scale']);

/** Solves the images one after another and says what solve-field would say. Resolves with the exit status. */
export async function solveFields(
  given: SolveFieldArguments,
  voice: Voice,
  signal: AbortSignal,
): Promise<number> {
  const images = given.filesOnStdin ? await namesOnStdin() : given.images;
  const named = given.configs.length === 0 ? [] : (await lookForIndexes({ configs: given.configs })).folders;
  const indexDirs = [...new Set([...given.indexDirs, ...named, ...defaultIndexDirs()])];
  for (const [at, image] of images.entries()) {
    voice.tell(`Reading input file ${at + 1} of ${images.length}: "${image}"...`);
    try {
      await solveField(image, { ...given, indexDirs }, voice, signal);
    } catch (error) {
      signal.throwIfAborted();
      voice.warn(toAstroJobsError(error, image).message);
      return UNUSABLE;
    }
    voice.tell('');
  }
  return 0;
}

async function namesOnStdin(): Promise<string[]> {
  const names: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) if (line !== '') names.push(line);
  return names;
}

async function solveField(
  image: string,
  given: SolveFieldArguments,
  voice: Voice,
  signal: AbortSignal,
): Promise<void> {
  const outputs = outputsOf(image, given);
  if (given.skipSolved && outputs.solved !== undefined && existsSync(outputs.solved)) {
    voice.tell(`Ignoring already-solved field "${image}"`);
    return;
  }
  const present = Object.values(outputs).find((path) => existsSync(path) && !isSame(path, image));
  if (present !== undefined && !given.overwrite && !given.goOn) {
    voice.warn(
      `Output file already exists: "${present}". Use --overwrite to replace existing files, or --continue to solve all the same.`,
    );
    voice.warn('Continuing to next input file.');
    return;
  }
  refuseToReplaceImage(image, outputs);
  await remove(outputs);
  using cancelled = whenThere(given.cancel);
  voice.tell('Solving...');
  await withAnalysis(
    image,
    given.params,
    {
      indexDirs: given.indexDirs,
      signal: anySignal(signal, cancelled.signal),
      ...(given.verbose && { onLog: (text: string) => voice.log(text) }),
    },
    async (outcome) => {
      const { result } = outcome;
      if (result.ok) {
        await writeSolved(image, outcome, outputs, given);
        voice.tell(`Field 1: solved with index ${result.astrometry.quality?.index ?? 'of Astro Jobs'}.`);
        if (outputs.solved !== undefined)
          voice.tell(`Field 1 solved: writing to file ${outputs.solved} to indicate this.`);
        for (const line of fieldLines(image, result)) voice.tell(line);
        if (outputs['new-fits'] !== undefined)
          voice.tell(`Creating new FITS file "${outputs['new-fits']}"...`);
        return;
      }
      if (!UNSOLVED.has(result.error_code)) throw new AstroJobsError(result.error_code, result.error);
      await writeUnsolved(outcome, outputs);
      voice.warn(result.error);
      voice.tell('Did not solve (or no WCS file was written).');
    },
  );
}

const isSame = (a: string, b: string) => resolve(a) === resolve(b);

/** @throws AstroJobsError `invalid_params` */
function refuseToReplaceImage(image: string, outputs: Outputs): void {
  const clash = Object.entries(outputs).find(([, path]) => isSame(path, image));
  if (clash) throw new AstroJobsError('invalid_params', `The output ${clash[0]} would replace ${image}`);
}

async function remove(outputs: Outputs): Promise<void> {
  for (const path of Object.values(outputs)) {
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw notWritten(path, error);
    }
  }
}

/** A signal that is aborted as soon as a file is there. */
function whenThere(path: string | undefined): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const look = () => {
    if (path !== undefined && existsSync(path))
      controller.abort(new AstroJobsError('cancelled', `Cancelled: ${path} is there`));
  };
  // The first look when the solve has begun, so that it is the solve that says that it was cancelled.
  if (path !== undefined) setImmediate(look);
  const timer = path === undefined ? undefined : setInterval(look, CANCEL_POLL_MS);
  return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(timer) };
}
