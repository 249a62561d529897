import type { SolveParams } from '../job/params.js';

/** Widths of image, in degrees, from `low` to `high`. */
export interface FieldRange {
  low_deg: number;
  high_deg: number;
}

/** The fields that a worker's index files cover, as ranges that do not touch, narrowest first. */
export type Coverage = readonly FieldRange[];

/** A quad is found in an image when it spans a tenth of its width or more, and fits into it; solve-field's own rule. */
const QUAD_SHARE_MIN = 0.1;

/** Which fields index files with quads of these sizes cover. */
export function coverageOf(indexes: readonly { lower_arcmin: number; upper_arcmin: number }[]): Coverage {
  const ranges = indexes
    .map((index) => ({
      low_deg: index.lower_arcmin / 60,
      high_deg: index.upper_arcmin / 60 / QUAD_SHARE_MIN,
    }))
    .sort((a, b) => a.low_deg - b.low_deg);
  const merged: FieldRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range.low_deg <= last.high_deg) last.high_deg = Math.max(last.high_deg, range.high_deg);
    else merged.push({ ...range });
  }
  return merged;
}

const HALF_FRAME_MM = 18;
const widthOfFocal = (mm: number) => (2 * Math.atan(HALF_FRAME_MM / mm) * 180) / Math.PI;

/**
 * How wide the caller says the image is; undefined when nobody knows before it is opened (no bounds, or arcseconds per pixel
 * without the number of pixels).
 */
export function fieldOf(params: Partial<SolveParams>): FieldRange | undefined {
  const low = params.scale_low ?? undefined;
  const high = params.scale_high ?? undefined;
  if (low === undefined && high === undefined) return undefined;
  const width = params.image_width ?? undefined;
  const toDegrees: Record<string, ((value: number) => number) | undefined> = {
    degwidth: (value) => value,
    arcminwidth: (value) => value / 60,
    arcsecperpix: width === undefined ? undefined : (value) => (value * width) / 3600,
    focalmm: widthOfFocal,
  };
  const convert = toDegrees[params.scale_units ?? 'degwidth'];
  if (!convert) return undefined;
  const ends = [low, high].map((value) => (value === undefined ? undefined : convert(value)));
  // A longer lens sees less.
  const [from, to] = params.scale_units === 'focalmm' ? ends.reverse() : ends;
  return { low_deg: from ?? 0, high_deg: to ?? 360 };
}

/** How much of `field` is covered, in factors of e of its width: 1° to 2° weighs as much as 10° to 20°. */
function weight(coverage: Coverage, field: FieldRange): number {
  const floor = 1e-4;
  let covered = 0;
  for (const range of coverage) {
    const low = Math.max(range.low_deg, field.low_deg, floor);
    const high = Math.min(range.high_deg, field.high_deg);
    if (high >= low) covered += Math.log(high / low) + 1e-6;
  }
  return covered;
}

const ANY_FIELD: FieldRange = { low_deg: 0, high_deg: 360 };

/**
 * Which of several workers' coverages a job should go to: `own` if none covers more of the job's field (any field, when it
 * is unknown), else the one that covers most.
 */
export function bestCoverage<T extends { coverage: Coverage }>(
  field: FieldRange | undefined,
  own: T,
  others: readonly T[],
): T {
  const wanted = field ?? ANY_FIELD;
  let best = own;
  let most = weight(own.coverage, wanted);
  for (const other of others) {
    const covers = weight(other.coverage, wanted);
    if (covers > most * 1.001 + 1e-9) {
      best = other;
      most = covers;
    }
  }
  return best;
}
