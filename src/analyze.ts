import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { type AnalyzerOptions, createAnalyzer } from './analysis/analyze.js';
import { parseParams, type SolveParamsInput } from './job/params.js';
import type { JobResult } from './job/result.js';
import type { Progress } from './job/status.js';
import { makeScratch } from './process/scratch.js';
import { SolveField } from './solver/solve-field/solve-field.js';

export interface AnalyzeOptions extends Partial<Omit<AnalyzerOptions, 'cores'>> {
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  /** What the solver prints, in pieces. */
  onLog?(text: string): void;
  /** CPU cores to keep busy. @default the number of cores */
  cores?: number;
  /** @default the system's temporary folder */
  scratchDir?: string;
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
  {
    signal = new AbortController().signal,
    onProgress,
    onLog,
    cores = availableParallelism(),
    scratchDir,
    ...road
  }: AnalyzeOptions = {},
): Promise<JobResult> {
  const parsed = parseParams(params);
  signal.throwIfAborted();
  await using scratch = await makeScratch(scratchDir);
  const walk = createAnalyzer({ solver: new SolveField(), ...road, cores: () => cores });
  const { result } = await walk(imagePath, parsed, {
    filename: basename(imagePath),
    scratch: scratch.path,
    signal,
    log: (text) => onLog?.(text),
    onProgress: (progress) => onProgress?.(progress),
  });
  return result;
}
