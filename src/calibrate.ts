import {
  type CalibrationProgress,
  calibrateImages,
  type LensCalibration,
} from './calibration/calibrate-images.js';
import { AstroJobsError } from './job/errors.js';
import type { SolveParamsInput } from './job/param-table.js';
import { parseParams } from './job/params.js';
import { ProcessOpticsMemory } from './optics/process-memory.js';
import { checkAnalyzeOptions } from './option-schemas.js';
import { type SolvingOptions, wireAnalysis, wireSolvers } from './wiring.js';

/** How the images are solved, and who hears of it meanwhile. */
export interface CalibrateOptions extends SolvingOptions {
  /** Ends the calibration; it then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Called after each image. */
  onProgress?(progress: CalibrationProgress): void;
  /** What the solver prints, in pieces. */
  onLog?(text: string): void;
}

/**
 * Fits one lens to the stars of several images that were taken with the same camera and optics, wherever they point: better than any of them alone
 * shows it, to the corners. What it returns under `calibration` is for the parameter of that name.
 *
 * @param images paths; only read. Of one picture size; those that do not belong to the others are left out, and `frames` says why
 * @param params of each image; `tweak_order` is the highest order of the distortion
 * @throws AstroJobsError `invalid_params`; `no_solution` when no image is of use; `signal.reason` when aborted
 * @example
 * const { calibration } = await calibrate(['a.jpg', 'b.jpg', 'c.jpg']);
 * await analyze('d.jpg', { calibration });
 */
export async function calibrate(
  images: readonly string[],
  params: SolveParamsInput = {},
  given: CalibrateOptions = {},
): Promise<LensCalibration> {
  checkAnalyzeOptions(given);
  const { signal = new AbortController().signal, onProgress, onLog, ...options } = given;
  // A lens is seen by where stars are.
  const parsed = { ...parseParams(params), measure: false };
  if (images.length === 0) throw new AstroJobsError('invalid_params', 'Expected at least one image');
  signal.throwIfAborted();
  const memory = options.memory ?? new ProcessOpticsMemory();
  const { analyze } = wireAnalysis({ ...options, memory }, wireSolvers(options), () => 1);
  return calibrateImages(analyze, images, parsed, {
    signal,
    scratchDir: options.scratchDir,
    log: (text) => onLog?.(text),
    onProgress: (progress) => onProgress?.(progress),
  });
}
