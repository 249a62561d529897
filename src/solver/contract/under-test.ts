import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openImage } from '../../image/open.js';
import type { SolveParamsInput } from '../../job/param-table.js';
import { parseParams } from '../../job/params.js';
import type { JobResult } from '../../job/result.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import type { SolveContext, SolveOutcome, Solver } from '../solver.js';

/** A photograph for the suite, and what the solver may be told of it. */
export interface SolverImage {
  path: string;
  params?: SolveParamsInput;
}

/** A solver to test, with photographs that it knows. */
export interface SolverUnderTest {
  solver: Solver;
  /** An image that it solves, and where its centre is, degrees J2000. */
  solvable: SolverImage & { ra_deg: number; dec_deg: number; within_deg: number };
  /** An image without a solution. */
  unsolvable: SolverImage;
  /** An image that keeps the solver busy for seconds. */
  slow: SolverImage;
  dispose(): Promise<void>;
}

/** What came of one call, and what it did meanwhile. */
export interface Trial {
  outcome: SolveOutcome;
  log: string;
  stages: string[];
  /** Files in the scratch folder afterwards. */
  left: string[];
}

/** Asks the solver for one image in a scratch folder of its own, which is removed afterwards. */
export async function trySolver(
  solver: Solver,
  { path, params = {} }: SolverImage,
  signal: AbortSignal = new AbortController().signal,
  look: (trial: Trial) => Promise<void> = async () => {},
): Promise<Trial> {
  const scratch = await mkdtemp(join(tmpdir(), 'solver-contract-'));
  const stages: string[] = [];
  let log = '';
  const context: SolveContext = {
    scratch,
    cores: 1,
    signal,
    log: (text) => {
      log += text;
    },
    onProgress: ({ stage }) => stages.push(stage),
  };
  try {
    const image = await openImage(path);
    const request = { image, params: parseParams(params), hints: { scales: [], positions: [] } };
    const outcome = await solver.solve(request, context);
    const trial = { outcome, log, stages, left: await readdir(scratch) };
    await look(trial);
    return trial;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where an outcome says that the centre of the image is, degrees J2000; undefined when it is not solved. */
export function centreOf(outcome: SolveOutcome): [ra_deg: number, dec_deg: number] | undefined {
  if ('result' in outcome) return centreOfResult(outcome.result);
  if (!outcome.solved) return undefined;
  const { wcs } = outcome;
  return pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
}

function centreOfResult(result: JobResult): [number, number] | undefined {
  return result.ok ? [result.astrometry.ra_center, result.astrometry.dec_center] : undefined;
}

/** The stable code of an outcome that is no solution. */
export function codeOf(outcome: SolveOutcome): string | undefined {
  if ('result' in outcome) return outcome.result.ok ? undefined : outcome.result.error_code;
  return outcome.solved ? undefined : outcome.code;
}

/** Fails unless the promise settles within `ms`. */
export async function settlesWithin<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await promise;
  } finally {
    const took = performance.now() - started;
    assert.ok(took < ms, `${what} took ${Math.round(took)} ms; at most ${ms} are allowed`);
  }
}
