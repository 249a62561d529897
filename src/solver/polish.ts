import { pixelToSky } from '../wcs/tan-sip.js';
import type { Attempt } from './attempts.js';
import { commonScale } from './bounds.js';
import type { InstalledIndex } from './indexes.js';
import { pixelScale } from './respects-bounds.js';
import type { Solution } from './solution.js';
import { type Solved, type Trial, tryAttempt } from './try-attempt.js';

/** With so many matched stars a fit is as good as the positions of its stars. */
const ENOUGH_MATCHES = 60;
/**
 * Quads as large as the field are found first, but the index that holds them has some twenty stars in the field, and a
 * distortion fitted to those bends between them. The index whose largest quads have this share of the width has five
 * times as many; far finer ones hold so many faint stars that the engine doubts a right solution.
 */
const QUAD_SHARE = 0.2;
/** What a field that is found already may cost more. */
const POLISH_SECONDS = 3;

/**
 * Fits the solution again to the stars of a finer index, by a run that verifies it and searches nothing. On rendered skies
 * that takes the centre from half a pixel to a tenth. The solution stays as it is when nothing is to be gained. Rejects only
 * with `signal.reason`.
 */
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
    // Not by the residuals: a distortion that bends to twenty stars has small ones because it does.
    return polished && polished.solution.matched > found.solution.matched ? polished : found;
  } catch (error) {
    if (enough.aborted && !signal.aborted) return found;
    throw error;
  }
}

/** The run that would fit better; undefined when the fit is good, or no index is finer. */
export function polishAttempt(
  found: Solution,
  attempt: Attempt,
  indexes: readonly InstalledIndex[],
): { attempt: Attempt; indexes: InstalledIndex[] } | undefined {
  const { wcs, matched } = found;
  if (matched >= ENOUGH_MATCHES) return undefined;
  const scale = pixelScale(wcs);
  const wanted_arcmin = (QUAD_SHARE * scale * wcs.width) / 60;
  const first = [...indexes]
    .sort((a, b) => a.upper_arcmin - b.upper_arcmin)
    .find((index) => index.upper_arcmin >= wanted_arcmin);
  const near = commonScale(attempt.scale, { low: scale * 0.95, high: scale * 1.05 });
  if (!first || !near || first.upper_arcmin > (found.index?.upper_arcmin ?? Number.POSITIVE_INFINITY))
    return undefined;
  const [ra_deg, dec_deg] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  const radius_deg = (scale * Math.hypot(wcs.width, wcs.height)) / 3600;
  return {
    indexes: indexes.filter((index) => index.upper_arcmin === first.upper_arcmin),
    attempt: {
      ...attempt,
      name: `${attempt.name}-polished`,
      reason: 'the field is known: a finer index fits it better',
      scale: near,
      position: { ra_deg, dec_deg, radius_deg },
      verify: wcs,
    },
  };
}
