import type { SolveParams } from '../../job/param-table.js';

/** With both, where the image is and how large it is, there is one place to look at; with neither, the whole sky at every scale. */
const SECONDS = { both: 5, one: 15, none: 60 } as const;

/**
 * How long a solve is expected to take, for the order of the queue: what its parameters tell of the image, at most its timeout. What
 * a header or EXIF would tell is not known before the image is read.
 */
export function expectedSeconds({ scale_low, scale_high, ra, dec, timeout }: SolveParams): number {
  const scaled = scale_low !== null || scale_high !== null;
  const placed = ra !== null && dec !== null;
  const seconds = scaled && placed ? SECONDS.both : scaled || placed ? SECONDS.one : SECONDS.none;
  return Math.min(seconds, timeout);
}
