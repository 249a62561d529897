// Written by `npm run derive` from the schemas.

/** One try at a solution. */
export interface Attempt {
  /** Short stable name, such as `exif-scale` or `blind`. */
  name: string;
  /** Why it was tried, for a person. */
  reason: string;
  /** How long it took, wall-clock seconds. */
  seconds: number;
  /** How it ended; `stopped`: another one was first, or the time was over. */
  outcome: 'solved' | 'no_solution' | 'stopped' | 'crashed' | 'too_few_stars';
}

/** A hint that guided the search, and where it came from. */
export interface Hint {
  /** What was supposed; its form depends on the hint. */
  value: unknown;
  /** Where it came from; `remembered`: the last image of the same camera and optics. */
  source: 'user' | 'exif' | 'fits' | 'remembered';
  /** Why it was supposed, for a person. */
  reason?: string;
}

/** How the fit does in a part of the picture. */
export interface LensFitPart {
  /** Matched stars there. */
  stars: number;
  /** Root mean square of their distances from the solution, pixels; absent without stars. */
  rms_px?: number;
}

/** The model of the lens and what it was fitted to. */
export interface LensFit {
  /** The projection, as CTYPE says it: `TAN`, `TAN-SIP`; of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`. */
  model: string;
  /** Order of the polynomials that distort it; 0 where there are none. */
  order: number;
  /** Stars that it was fitted to. */
  stars: number;
  /** Root mean square of their distances from the solution, arcseconds. */
  rms_arcsec: number;
  /** The same, pixels of the original image. */
  rms_px: number;
  /**
   * The same at stars that took no part in a fit of this order, one left out at a time, pixels; a star that is far off counts less.
   * Absent where stars are too few to leave any out.
   */
  held_out_px?: number;
  /** By the distance from the middle of the picture: to a third of that of its farthest pixel, to two thirds, and beyond. */
  thirds: [LensFitPart, LensFitPart, LensFitPart];
  /**
   * How far the distortion moves the corner that it moves most, against the tangent plane of the middle, pixels; absent where the sky
   * does not reach the corners.
   */
  corner_distortion_px?: number;
  /**
   * How well the fit knows the place of the worst corner, of a fisheye lens of the edge of the sky: standard deviation along one axis,
   * pixels.
   */
  corner_sigma_px?: number;
  /** Whether the solution is shown to be true to the corners, or to the edge of the sky. */
  good_to_corners: boolean;
}

/** How the solution was obtained. */
export interface SolveReport {
  /** `builtin`, `solve-field`, `external`, or the name of a solver that the host registered. */
  solver: string;
  /** The version of that solver. */
  version?: string;
  /** How long the solve took, wall-clock seconds. */
  seconds: number;
  /** The exact argv that found it, where a program did; paths are relative to the job's scratch folder. */
  command?: string[];
  /** What guided the search, by name of the hint. */
  hints?: Record<string, Hint>;
  /** What was tried. */
  attempts?: Attempt[];
  /** The fit of the lens; absent where the solver does not say which stars it matched. */
  fit?: LensFit;
}
