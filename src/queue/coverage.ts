import type { SolveParams } from '../job/param-table.js';
import { scaleUnit } from '../job/scale-units.js';
import type { Coverage, FieldRange } from '../solver/indexes/coverage.js';

/**
 * How wide the caller says the image is; undefined when that is unknown before it is opened (no bounds, or arcseconds per pixel
 * without the number of pixels).
 */
export function fieldOf(params: Partial<SolveParams>): FieldRange | undefined {
  const low = params.scale_low ?? undefined;
  const high = params.scale_high ?? undefined;
  if (low === undefined && high === undefined) return undefined;
  const width = params.image_width ?? undefined;
  const { widthDeg, inverse } = scaleUnit(params.scale_units ?? 'degwidth');
  const ends = [low, high].map((value) => (value === undefined ? undefined : widthDeg(value, width)));
  // Arcseconds per pixel say nothing without the number of pixels.
  if ([low, high].some((value, end) => value !== undefined && ends[end] === undefined)) return undefined;
  const [from, to] = inverse ? ends.reverse() : ends;
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
