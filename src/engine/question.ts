import type { Calibration } from '../job/calibration.js';
import type { LensFit } from '../job/solve-report.js';
import type { ImageCircle, Wcs } from '../wcs/wcs.js';
import type { SearchCounts } from './candidate.js';
import type { Evidence } from './evidence.js';
import type { StarList } from './field.js';

/** What is known beforehand of an image. A bound is never relaxed. */
export interface FieldBounds {
  /**
   * Arcseconds a pixel at the middle of the image.
   * @default what makes the longer side of the image see from 0.5° to about 140°
   */
  scale?: {
    /** At least, arcseconds per pixel. */
    low: number;
    /** At most, arcseconds per pixel. */
    high: number;
  };
  /** The middle of the image lies within this circle: J2000 degrees. Only its neighbourhood is searched. */
  position?: {
    /** Right ascension, degrees, J2000. */
    ra_deg: number;
    /** Declination, degrees, J2000. */
    dec_deg: number;
    /** Radius, degrees. */
    radius_deg: number;
  };
  /** Sign of det CD: −1 for the sky as it is seen, when y grows upwards. */
  parity?: 1 | -1;
}

/** One image to be solved. */
export interface SolveQuestion {
  /** Stars of the image, found or ordered in one way or several; the likeliest way to succeed first. */
  stars: StarList | readonly StarList[];
  /** Pixels. */
  width: number;
  /** Height of the image, pixels. */
  height: number;
  /** What is known beforehand of the field. @default nothing */
  bounds?: FieldBounds;
  /**
   * `fisheye`: the image is that of a lens that sees up to 180° and more, and is no pinhole camera's. A search of its own, which takes longer.
   * @default 'pinhole'
   */
  lens?: 'pinhole' | 'fisheye';
  /**
   * What is known of the lens: a first guess. The search begins with the stars where the lens would have put them without its distortion, and
   * goes on without it; the final fit takes the better of both, where `order` allows that of the lens. Of use for an image of its size, that of a
   * fisheye lens for a search with `lens: 'fisheye'`.
   */
  calibration?: Calibration;
  /** Where an image of a fisheye lens is seen to show the sky. */
  circle?: ImageCircle;
  /**
   * Error of a star's measured place along one axis, pixels.
   * @default 1, and more in images of more than 2000 pixels
   */
  sigma_px?: number;
  /**
   * Highest order of the distortion (SIP) that the final fit may have, up to 9; it has the lowest that is as good at stars that took no
   * part in it. 0 and 1 allow none.
   * @default 5
   */
  order?: number;
  /**
   * How much is searched: each look-up counts 1, each hypothesis 4. Independent of the machine, so that an answer is the same everywhere.
   * @default 1.8 million, some one and a half seconds
   */
  budget?: number;
  /** Asked every millisecond or so; true ends the search. */
  shouldStop?: () => boolean;
}

/** A star of the image and the catalogue's. */
export interface MatchedStar {
  /** Its number in the list. */
  star: number;
  /** Where the image has it, pixels. */
  x: number;
  /** Its place from row to row, FITS pixels. */
  y: number;
  /** J2000 degrees. */
  ra_deg: number;
  /** Declination of the catalogue's star, degrees, J2000. */
  dec_deg: number;
  /** Magnitude of the catalogue's star. */
  magnitude: number;
  /** Its number in the index. */
  id: number;
}

/** A solution, and what speaks for it. */
export interface SolveSuccess {
  /** There is a solution. */
  solved: true;
  /**
   * Fitted to the matched stars by least squares: gnomonic (TAN, with SIP where the lens has a distortion) with the middle of the image as its
   * reference pixel; of a fisheye lens ARC, ZEA, STG or SIN about its optical axis.
   */
  wcs: Wcs;
  /** Stars of the image and the catalogue's that they are. */
  matches: MatchedStar[];
  /** Standard deviation of a star's place along one axis, pixels. */
  sigma_px: number;
  /** What the fit is, and how good it is from the middle of the image to its corners. */
  fit: LensFit;
  /** Share of the image within reach of the matched stars, 0 to 1. */
  coverage: number;
  /** Natural logarithm of the odds of the solution against chance, among as many hypotheses as were tested. */
  log_odds: number;
  /** What speaks for it. */
  evidence: Evidence;
  /** Sign of det CD. */
  parity: 1 | -1;
  /** Number of the list of stars. */
  list: number;
  /** Name of the index whose quad found it. */
  index: string;
  /** How much was searched. */
  counts: SearchCounts;
}

/** Why there is no solution. */
export interface SolveFailure {
  /** There is no solution. */
  solved: false;
  /**
   * `too_few_stars`: no list has enough to make and to verify a quad. `no_index`: no index has quads of a size that the bounds allow.
   * `exhausted`: all was searched, or as much as the budget allowed. `stopped`: `shouldStop` said so.
   */
  reason: 'too_few_stars' | 'no_index' | 'exhausted' | 'stopped';
  /** How much was searched. */
  counts: SearchCounts;
}

/** What comes of a search; `solved` tells which it is. */
export type SolveAnswer = SolveSuccess | SolveFailure;
