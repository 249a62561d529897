import { pixelToSky } from '../wcs/tan-sip.js';
import type { Attempt } from './attempts.js';
import { commonScale } from './bounds.js';
import type { InstalledIndex } from './indexes.js';
import { parityOf, pixelScale } from './respects-bounds.js';
import type { Solution } from './solution.js';
import { type Solved, type Trial, tryAttempt } from './try-attempt.js';

/** Quads of an index that fits a field, as parts of the image's shorter side; and from where on they are too coarse. */
const FITTING = { smallest: 0.12, largest: 0.5, coarse: 0.5 } as const;
/** Residuals, in pixels of the searched image, above which a fit is poor. */
const POOR_RMS_PIXELS = 1;

/**
 * A second look at a field that was found by quads nearly as large as itself, or that fits poorly. A coarse index holds
 * few stars of the field; now that scale and place are known, finer ones tell more at once. Undefined where nothing is
 * to be gained.
 */
export function polishAttempt(
  found: Solution,
  attempt: Attempt,
  indexes: readonly InstalledIndex[],
): { attempt: Attempt; indexes: InstalledIndex[] } | undefined {
  const { wcs, index } = found;
  const scale = pixelScale(wcs);
  const side_arcmin = (scale * Math.min(wcs.width, wcs.height)) / 60;
  const poor = (found.quality.rms_arcsec ?? 0) > POOR_RMS_PIXELS * scale;
  const coarse = index !== undefined && index.lower_arcmin >= FITTING.coarse * side_arcmin;
  if (!poor && !coarse) return undefined;
  const finer = indexes.filter(
    (other) =>
      other.lower_arcmin >= FITTING.smallest * side_arcmin &&
      other.upper_arcmin <= FITTING.largest * side_arcmin,
  );
  const near = commonScale(attempt.scale, { low: scale * 0.95, high: scale * 1.05 });
  if (finer.length === 0 || near === undefined) return undefined;
  const [ra_deg, dec_deg] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  return {
    indexes: finer,
    attempt: {
      ...attempt,
      name: `${attempt.name}-polished`,
      reason: 'the field is known: finer indexes fit it better',
      scale: near,
      // The engine takes the circle about any part of the field.
      position: attempt.position ?? { ra_deg, dec_deg, radius_deg: Math.max(side_arcmin / 60, 1) },
      parity: parityOf(wcs),
      verifyHeader: false,
    },
  };
}

/** What a field that is found already may cost more. */
const POLISH_SECONDS = 3;

/** The better of a solution and what finer indexes make of the same field. */
export async function polish(
  found: Solved,
  indexes: readonly InstalledIndex[],
  trial: Trial,
  signal: AbortSignal,
): Promise<Solved> {
  const finer = polishAttempt(found.solution, found.attempt, indexes);
  if (!finer) return found;
  const enough = AbortSignal.timeout(POLISH_SECONDS * 1000);
  try {
    const both = AbortSignal.any([signal, enough]);
    const polished = await tryAttempt(finer.attempt, finer.indexes, trial, both, POLISH_SECONDS);
    return polished && isBetter(polished.solution, found.solution) ? polished : found;
  } catch (error) {
    if (enough.aborted && !signal.aborted) return found;
    throw error;
  }
}

/** More convincing, and with residuals that are no larger. */
function isBetter({ quality: a }: Solution, { quality: b }: Solution): boolean {
  return (a.log_odds ?? 0) > (b.log_odds ?? 0) && (a.rms_arcsec ?? 0) <= (b.rms_arcsec ?? 0);
}
