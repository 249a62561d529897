import { basename } from 'node:path';
import type { AnalysisOutcome } from './analysis/analysis.js';
import type { SolveParamsInput } from './job/param-table.js';
import { parseParams } from './job/params.js';
import type { JobResult } from './job/result.js';
import type { Progress } from './job/status.js';
import { checkAnalyzeOptions } from './option-schemas.js';
import { makeScratch } from './process/scratch.js';
import { type SolvingOptions, wireAnalysis, wireSolvers } from './wiring.js';

/** How one image is solved, and who hears of it meanwhile. */
export interface AnalyzeOptions extends SolvingOptions {
  /** Ends the analysis; it then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Called with each stage as it begins. */
  onProgress?(progress: Progress): void;
  /** What the solver prints, in pieces. */
  onLog?(text: string): void;
}

/**
 * Solves one image here and now, without jobs: nothing is stored, and nothing is left.
 *
 * @param imagePath only read
 * @returns the result document; `ok: false` for an image that is damaged or cannot be solved
 * @throws AstroJobsError `invalid_params`; `signal.reason` when aborted
 * @example
 * const result = await analyze('m42.jpg', { scale_low: 1, scale_high: 3 }, { signal: AbortSignal.timeout(60_000) });
 */
export async function analyze(
  imagePath: string,
  params: SolveParamsInput = {},
  options: AnalyzeOptions = {},
): Promise<JobResult> {
  return withAnalysis(imagePath, params, options, async ({ result }) => result);
}

/** As `analyze`, for a caller that wants the solver's files as well: they are there until `use` has ended. */
export async function withAnalysis<T>(
  imagePath: string,
  params: SolveParamsInput,
  options: AnalyzeOptions,
  use: (outcome: AnalysisOutcome) => Promise<T>,
): Promise<T> {
  checkAnalyzeOptions(options);
  return openAnalysis(options)(imagePath, params, options, use);
}

/** What surrounds one image of several. */
export type ImageContext = Pick<AnalyzeOptions, 'signal' | 'onProgress' | 'onLog'>;

/** As `withAnalysis`, for several images: solvers and what they have learned are kept, and images side by side share the cores. */
export function openAnalysis({ signal: _, onProgress: __, onLog: ___, ...options }: AnalyzeOptions) {
  let running = 0;
  const { analyze: solve } = wireAnalysis(options, wireSolvers(options), () => running);
  return async <T>(
    imagePath: string,
    params: SolveParamsInput,
    { signal = new AbortController().signal, onProgress, onLog }: ImageContext,
    use: (outcome: AnalysisOutcome) => Promise<T>,
  ): Promise<T> => {
    const parsed = parseParams(params);
    signal.throwIfAborted();
    await using scratch = await makeScratch(options.scratchDir);
    running += 1;
    try {
      const outcome = await solve(imagePath, parsed, {
        filename: basename(imagePath),
        scratch: scratch.path,
        signal,
        log: (text) => onLog?.(text),
        onProgress: (progress) => onProgress?.(progress),
      });
      return await use(outcome);
    } finally {
      running -= 1;
    }
  };
}
