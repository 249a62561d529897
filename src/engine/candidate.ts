import type { Camera } from './camera.js';
import type { Precision } from './local-check.js';
import type { StarIndex } from './star-index.js';

/** How much a search forgives. */
export interface Tolerance {
  /** Difference of a code's number; what a pixel's error makes of it comes on top. */
  code: number;
  bending: number;
  /** Only indexes with quads at least as long: small ones see no bending, and there are very many of them. */
  shortest_rad: number;
  /** Only views that can see a corner further from the axis than this, as the tangent of the angle. */
  leastTangent: number;
}

/** What bounds a search. A bound is never relaxed. */
export interface SearchBounds {
  /** Focal lengths, pixels. */
  least: number;
  most: number;
  /** The middle of the image looks at this part of the sky. */
  direction?: Float64Array;
  /** Radians. */
  radius?: number;
  parity?: 1 | -1;
}

/** How much was searched. */
export interface SearchCounts {
  /** Quads of the image that were looked up, once for each index and view. */
  trials: number;
  /** Quads of the catalogue whose shape and size agreed. */
  hypotheses: number;
  /** Hypotheses that their neighbourhood spoke for, and that were compared with the whole image. */
  verified: number;
}

/** A hypothesis that its neighbourhood speaks for; valid until the search goes on. */
export interface Candidate {
  index: StarIndex;
  camera: Camera;
  /** The quad's stars A, B, C, … in the field and in the index. */
  members: Int32Array;
  stars: Int32Array;
  log_odds: number;
  precision: Precision;
}
