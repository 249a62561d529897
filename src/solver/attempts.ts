import type { ScaleBounds } from './indexes.js';

/** A circle on the sky, degrees J2000. */
export interface SkyCircle {
  ra_deg: number;
  dec_deg: number;
  radius_deg: number;
}

/** Which stars of an image are given to the engine, and in which order. */
export interface StarListPlan {
  /** Factor by which the image is shrunk before stars are looked for. */
  shrink: number;
  /** Detection threshold in units of the noise. */
  sigmas: number;
  /** Boxes over which the list is spread evenly; 0 for plain brightness. */
  boxes: number;
  /** At most this many stars. */
  limit: number;
}

/** Where the stars of an attempt come from. */
export type AttemptInput =
  | { kind: 'stars'; plan: StarListPlan }
  /** The list that came as the image itself. */
  | { kind: 'given-list' }
  /** solve-field's own extraction, from our decoded pixels. */
  | { kind: 'image'; downsample: number; args: string[] };

/** One try at a solution: everything that decides what the engine searches. */
export interface Attempt {
  /** Short stable name, such as `exif-scale` or `blind`. */
  name: string;
  /** Why it is tried, for a person. */
  reason: string;
  input: AttemptInput;
  scale?: ScaleBounds;
  position?: SkyCircle;
  /** Sign of det CD. */
  parity?: 1 | -1;
  /** Wall-clock seconds that it may take. */
  seconds: number;
}
