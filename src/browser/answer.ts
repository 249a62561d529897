import type { FieldBounds, MatchedStar, SolveFailure } from '../engine/question.js';
import type { StarList } from '../stars/list.js';
import type { FieldGeometry } from '../wcs/geometry.js';
import type { Wcs } from '../wcs/wcs.js';

/** What a page can ask about: a file as it was dropped or chosen, or pixels that the page has. */
export type Picture = Blob | ImageBitmap | ImageData;

/** What is known beforehand of a picture, and how it is to be fitted. */
export interface PictureBounds {
  /** A bound is never relaxed. */
  bounds?: FieldBounds;
  /**
   * Highest order of the distortion (SIP) that the fit may have; 0 and 1 allow none.
   * @default 5
   */
  order?: number;
}

/** What the worker is at, as it goes on. */
export interface PlateProgress {
  /** What is being done. */
  stage: 'loading_stars' | 'finding_stars' | 'making_quads' | 'searching';
  /** How much of this stage is done, 0 to 1, where that is known. */
  fraction?: number;
}

/** What solved and unsolved pictures have in common. */
interface PictureFacts {
  /** Pixels of the picture as the browser shows it, EXIF orientation honoured; all positions are in these. */
  width: number;
  /** Likewise. */
  height: number;
  /**
   * The stars that were searched with, at most 300: FITS pixels, (1, 1) is the centre of the upper left pixel, y grows downwards;
   * `detected` says how many were found in all.
   */
  stars: StarList;
}

/** Where a picture looks, in degrees (J2000), as `astrometry` of a result document says it. */
export interface PlateSolution extends PictureFacts, FieldGeometry {
  /** There is a solution. */
  solved: true;
  /** Gnomonic with distortion (TAN-SIP), of a fisheye lens ARC, ZEA, STG or SIN; rows from the top. */
  wcs: Wcs;
  /** Stars of the catalogue that are in the picture; `star` is a number in `stars`. */
  matches: MatchedStar[];
  /** Standard deviation of a star's place along one axis, pixels. */
  sigma_px: number;
  /** Natural logarithm of the odds of the solution against chance. */
  log_odds: number;
}

/** Why there is no solution. */
export interface PlateFailure extends PictureFacts {
  /** There is no solution. */
  solved: false;
  /** Why, for a program. */
  reason: Exclude<SolveFailure['reason'], 'stopped'>;
  /** The reason in a sentence for a person, and what to do. */
  message: string;
}

/** What comes of a picture; `solved` tells which it is. */
export type PlateAnswer = PlateSolution | PlateFailure;
