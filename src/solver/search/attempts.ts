import type { Wcs } from '../../wcs/wcs.js';
import type { ScaleBounds, SkyCircle } from './bounds.js';

/** Which stars of an image are given to the engine, and in which order. */
export interface StarListPlan {
  /** Factor by which the image is shrunk before stars are looked for. */
  shrink: number;
  /** Detection threshold in units of the noise. */
  sigmas: number;
  /** Boxes over which the list is spread evenly; 0 for plain brightness. */
  boxes: number;
}

/** Where the stars of an attempt come from. */
export type AttemptInput =
  | ({ from: 'our-stars' } & StarListPlan)
  /** What solve-field's own extraction makes of our pixels. */
  | { from: 'solve-field'; shrink: number }
  /** The list that came as the image itself. */
  | { from: 'given-list' };

/**
 * Which of the index files that can matter are searched. Those of Tycho-2 hold quads up to 85 arcminutes and triangles
 * above; a triangle says less, so many more of them match by chance and must be verified, and the smallest triangles
 * (`between`) are the most. Fields whose stars they would match have larger triangles and smaller quads as well.
 * `likely` are those with quads of a quarter to most of the width of the field: enough for most, and half the files to open.
 */
export type IndexShare = 'all' | 'likely' | 'narrow' | 'between' | 'medium' | 'wide';

/** One try at a solution: everything that decides what the engine searches. */
export interface Attempt {
  /** Short stable name, such as `exif-scale` or `blind-wide`. */
  name: string;
  /** Why it is tried, for a person. */
  reason: string;
  input: AttemptInput;
  scale: ScaleBounds;
  position?: SkyCircle;
  /** Sign of det CD. */
  parity?: 1 | -1;
  indexes: IndexShare;
  /** How far the shape of a quad in the image may be from one in the index; solve-field's own default is 0.01. */
  codeTolerance: number;
  /** A plate solution to be verified; then nothing is searched. */
  verify?: Wcs;
  /** Wall-clock seconds of its first turn; each further turn is four times as long. */
  seconds: number;
}
