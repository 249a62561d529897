import type { Bounds } from './reading.js';

/** What makes sense, whichever container tells it. */
export const LIMITS = {
  /** Seconds; stacks add theirs up. */
  exposure: [1e-7, 1e7],
  iso: [1, 1e8],
  f_number: [0.3, 500],
  /** The shortest lenses are those of phones; no telescope that people have is longer. */
  focal_length_mm: [0.5, 40_000],
  /** Of a camera at a telescope: 1 is what programs write that were told nothing. */
  telescope_focal_length_mm: [2, 40_000],
  focal_length_35mm: [2, 60_000],
  aperture_mm: [0.5, 20_000],
  gain: [-1e4, 1e5],
  offset: [-1e5, 1e6],
  ccd_temp_c: [-200, 120],
  pixel_size_um: [0.4, 200],
  binning: [1, 32],
  /** Metres: from the shore of the Dead Sea to the highest observatories and mountains. */
  altitude_m: [-450, 9000],
  /** Metres, of a camera that may have been in an aeroplane. */
  camera_altitude_m: [-450, 20_000],
} as const satisfies Readonly<Record<string, Bounds>>;
