import type { ImageHints } from '../capture/hints.js';
import type { OpenedImage } from '../image/image.js';
import type { ErrorCode } from '../job/error-codes.js';
import type { SolveParams } from '../job/param-table.js';
import type { Astrometry, Attempt, JobResult, SolveReport } from '../job/result.js';
import type { Progress } from '../job/status.js';
import type { Wcs } from '../wcs/wcs.js';

/** What a solver is asked: one opened image, the caller's bounds, and what the metadata suggest. */
export interface SolveRequest {
  image: OpenedImage;
  params: SolveParams;
  hints: ImageHints;
}

/** What surrounds one solve. The solver writes nothing outside `scratch` and leaves no process when it returns or throws. */
export interface SolveContext {
  /** A private, empty folder with a path of safe characters only; the caller removes it. */
  scratch: string;
  /** How many CPU cores the job may keep busy. */
  cores: number;
  /** Ends the solve, its whole process tree included; the promise then rejects with `signal.reason`. */
  signal: AbortSignal;
  /** Everything that a person may want to read later; called with whole or partial lines as they come. */
  log(text: string): void;
  onProgress(progress: Progress): void;
  /** Called at the moment when an attempt ends. */
  onAttempt?(attempt: Attempt): void;
}

/** The image has a plate solution. */
export interface SolvedPlate {
  solved: true;
  wcs: Wcs;
  sources: { detected: number; matched: number };
  quality: NonNullable<Astrometry['quality']>;
  report: SolveReport;
  /** Files worth keeping: name in `output/` → path in scratch (`solution.wcs`, `solution.corr`, …). */
  files: Record<string, string>;
}

/** The image was searched, and there is none; or it could not be searched. */
export interface UnsolvedPlate {
  solved: false;
  code: ErrorCode;
  message: string;
  sources?: { detected: number };
  report: SolveReport;
  files: Record<string, string>;
}

/** A result document that another program has made whole: it is passed on as it is. */
export interface ForeignResult {
  result: JobResult;
  files: Record<string, string>;
}

/** What comes of a search for a plate solution. */
export type PlateOutcome = SolvedPlate | UnsolvedPlate;

export type SolveOutcome = PlateOutcome | ForeignResult;

/** Whether a solver can be used on this machine, and which fields it can find. */
export interface SolverInfo {
  name: string;
  available: boolean;
  version?: string;
  /** The program, as found. */
  path?: string;
  /** Why it is not available, and what to do. */
  problem?: string;
  /** The index files that it searches; absent when its coverage cannot be known. */
  indexes?: IndexFile[];
}

/** One installed index file and the sizes of quads, in arcminutes, that it holds. */
export interface IndexFile {
  path: string;
  lower_arcmin: number;
  upper_arcmin: number;
}

/**
 * How an image becomes a plate solution.
 *
 * - `inspect` is cheap after the first call, never throws, and tells what is missing.
 * - `solve` resolves with an outcome for everything that is the image's doing, and throws an `AstroJobsError` only
 *   for what is the machine's (`solver_unavailable`, `storage_full`, …) or `signal.reason` when it was ended.
 * - Calls may run side by side, each with its own scratch folder.
 */
export interface Solver {
  /** What `params.solver` calls it: `[a-z0-9][a-z0-9._-]*`, and not `auto`. */
  readonly name: string;
  inspect(): Promise<SolverInfo>;
  solve(request: SolveRequest, context: SolveContext): Promise<SolveOutcome>;
}
