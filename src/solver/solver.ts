import type { ImageHints } from '../capture/hints.js';
import type { OpenedImage } from '../image/image.js';
import type { Astrometry } from '../job/astrometry.js';
import type { ErrorCode } from '../job/error-codes.js';
import type { OutcomeFile } from '../job/outcome-file.js';
import type { SolveParams } from '../job/param-table.js';
import type { JobResult } from '../job/result.js';
import type { Attempt, SolveReport } from '../job/solve-report.js';
import type { Progress } from '../job/status.js';
import type { Wcs } from '../wcs/wcs.js';

/** One image to solve. */
export interface SolveRequest {
  /** Recognised and measured, not decoded. Its path may hold any character: do not hand it to a shell. Only read. */
  image: OpenedImage;
  /** What the caller asked for. Scale, position and parity are bounds: a solution outside them is none. */
  params: SolveParams;
  /** What the metadata and the last image of the same camera suggest. It may be wrong, and must never cost a solution. */
  hints: ImageHints;
}

/** What surrounds one solve. The solver writes nothing outside `scratch` and leaves no process when it returns or throws. */
export interface SolveContext {
  /** A private, empty folder with a path of letters, digits and `/._-` only; the caller removes it. */
  scratch: string;
  /** How many CPU cores the solve may keep busy. */
  cores: number;
  /** Ends the solve, its whole process tree included; the promise then rejects with `signal.reason`. */
  signal: AbortSignal;
  /** Everything that a person may want to read later; called with whole or partial lines as they come. */
  log(text: string): void;
  /** Called with the stage `solving` when the search begins. */
  onProgress(progress: Progress): void;
  /** Called at the moment when an attempt ends. */
  onAttempt?(attempt: Attempt): void;
}

/** Places on the sky in columns of one length, J2000 degrees. */
export interface Places {
  /** Right ascensions, degrees, J2000. */
  ra_deg: ArrayLike<number>;
  /** Declinations, degrees, J2000. */
  dec_deg: ArrayLike<number>;
}

/** The image has a plate solution; the library makes the result document from it. */
export interface SolvedPlate {
  /** Tells it from the other outcomes. */
  kind: 'plate';
  /** FITS pixels of the image as stored, the centre of the first pixel of the file's first row at (1, 1), to J2000 degrees. */
  wcs: Wcs;
  /** Stars found in the image, and those among them that were matched to a catalogue; 0 where the solver does not tell. */
  sources: {
    /** Stars found in the image. */
    detected: number;
    /** Those of them that were matched. */
    matched: number;
  };
  /** Where the matched stars are on the sky, where the solver tells. */
  stars?: Places;
  /** How good the solution is, as the result says it. */
  quality: NonNullable<Astrometry['quality']>;
  /** How it was obtained, as the result says it. */
  report: SolveReport;
  /**
   * Files worth keeping: name in `output/` → its bytes, or its path in scratch. Pictures and exports are made from `solution.wcs`, a FITS header
   * that says the same as `wcs` (with IMAGEW and IMAGEH), so a solver always leaves that one.
   */
  files: Record<string, OutcomeFile>;
}

/** The image was searched, and there is no solution; or it could not be searched. */
export interface UnsolvedPlate {
  /** Tells it from the other outcomes. */
  kind: 'failed';
  /** Why, for a program: a key of `ERROR_TABLE`. */
  code: ErrorCode;
  /** One line for a person: what is wrong with the image, and what would help. */
  message: string;
  /** What was learned of the stars. */
  sources?: {
    /** Stars found in the image. */
    detected: number;
  };
  /** What was tried, as the result says it. */
  report: SolveReport;
  /** Files worth keeping: name in `output/` → its bytes, or its path in scratch. */
  files: Record<string, OutcomeFile>;
}

/** Another program has made the whole result document, solved or not. It is passed on as it is. */
export interface SolverDocument {
  /** Tells it from the other outcomes. */
  kind: 'document';
  /** The result document. */
  document: JobResult;
  /** Files worth keeping: name in `output/` → its bytes, or its path in scratch. */
  files: Record<string, OutcomeFile>;
}

/** What comes of a search for a plate solution. */
export type PlateOutcome = SolvedPlate | UnsolvedPlate;

/** What comes of one solve, told apart by `kind`. */
export type SolveOutcome = PlateOutcome | SolverDocument;

/** Whether a solver can be used on this machine, and which fields it can find. */
export interface SolverInfo {
  /** That of the solver. */
  name: string;
  /** Whether it can be used. */
  available: boolean;
  /** Its version, where it tells. */
  version?: string;
  /** The program, as found. */
  path?: string;
  /** Why it is not available, and what to do. */
  problem?: string;
  /** The index files that it searches; absent when its coverage cannot be known. */
  indexes?: readonly IndexFile[];
}

/** One installed index file and the sizes of quads, in arcminutes, that it holds. */
export interface IndexFile {
  /** The file. */
  path: string;
  /** Smallest quad, arcminutes. */
  lower_arcmin: number;
  /** Largest quad, arcminutes. */
  upper_arcmin: number;
}

/**
 * How an image becomes a plate solution.
 *
 * - `inspect` is cheap after the first call, never rejects, and says in `problem` what is missing.
 * - `solve` resolves with an outcome for everything that is due to the image. It rejects only with `signal.reason` when it was
 *   ended, or with an `AstroJobsError` for what is due to the machine (`solver_unavailable`, `storage_full`, …).
 * - Calls may run side by side, each with its own scratch folder.
 *
 * What a solver can do is data in `SolverInfo`; nothing asks for its class. `describeSolver` of `astro-jobs/testing` checks
 * these promises.
 */
export interface Solver {
  /** What `params.solver` calls it: up to 64 of `a-z 0-9 . _ -`, the first a letter or digit; not `auto`. */
  readonly name: string;
  /** Whether it can be used here and now. */
  inspect(): Promise<SolverInfo>;
  /** Begins to load what every search needs, before the first image is there; never throws. @default nothing is loaded before the first solve */
  prepare?(): void;
  /** Searches one image for its plate solution. */
  solve(request: SolveRequest, context: SolveContext): Promise<SolveOutcome>;
}
