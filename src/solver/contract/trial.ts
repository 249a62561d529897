import assert from 'node:assert/strict';
import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openImage } from '../../image/open.js';
import { parseParams } from '../../job/params.js';
import type { SolveContext, SolveOutcome, Solver } from '../solver.js';
import { processesIn } from './processes.js';
import type { SolverImage } from './under-test.js';

/** How long a solver may take to end everything that it has started, milliseconds. */
export const END_MS = 5000;

/** What came of one call, and what it reported meanwhile. */
export interface Trial {
  outcome: SolveOutcome;
  stages: string[];
  scratch: string;
}

export interface TrialOptions {
  signal?: AbortSignal;
  /** Called with the scratch folder while the solver works. */
  meanwhile?(scratch: string): Promise<void>;
  /** Called with what came of it before the scratch folder is removed. */
  look?(trial: Trial): Promise<void>;
}

/**
 * Asks the solver for one image in a scratch folder of its own, which is removed afterwards. Fails when the call leaves a process,
 * changes the image, or leaves a file outside its scratch folder, whether it resolves or rejects.
 */
export async function trySolver(
  solver: Solver,
  { path, params = {} }: SolverImage,
  { signal = new AbortController().signal, meanwhile, look }: TrialOptions = {},
): Promise<Trial> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'solver-contract-')));
  const stages: string[] = [];
  const context: SolveContext = {
    scratch,
    cores: 1,
    signal,
    log: () => {},
    onProgress: ({ stage }) => stages.push(stage),
  };
  const before = await surroundings(path);
  try {
    const image = await openImage(path);
    const request = { image, params: parseParams(params), hints: { scales: [], positions: [] } };
    const [solved, beside] = await Promise.allSettled([solver.solve(request, context), meanwhile?.(scratch)]);
    await assertNoProcess(scratch);
    assert.deepEqual(await surroundings(path), before, 'it changed the image, or left a file beside it');
    if (beside.status === 'rejected') throw beside.reason;
    if (solved.status === 'rejected') throw solved.reason;
    const trial = { outcome: solved.value, stages, scratch };
    await look?.(trial);
    return trial;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The image and its neighbours in the folder, as far as a program could have changed them. */
async function surroundings(path: string) {
  const { size, mtimeMs, ino } = await stat(path);
  return { size, mtimeMs, ino, names: (await readdir(dirname(path))).sort() };
}

/** A killed process may need a moment until it is gone. */
async function assertNoProcess(scratch: string): Promise<void> {
  const deadline = performance.now() + END_MS;
  let left = await processesIn(scratch);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(50);
    left = await processesIn(scratch);
  }
  assert.deepEqual(left, [], 'it left processes that work in its scratch folder');
}

/** Fails unless the promise settles within `ms`. */
export async function settlesWithin<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `${what} takes more than the ${ms} ms that are allowed`;
    timer = setTimeout(() => reject(new assert.AssertionError({ message })), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
