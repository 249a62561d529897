// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { basename } from 'node:path';
import { fitField, type ReferenceStars } from '../../engine/fit/fit-field.js';
import type { Calibration } from '../../job/calibration.js';
import type { LensFit } from '../../job/solve-report.js';
import type { StarList } from '../../stars/list.js';
import { knownLensOf } from '../../wcs/calibration.js';
import { withInverse } from '../../wcs/sip-inverse.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import type { InstalledIndex } from '../indexes/installed.js';
import { indexesNear } from '../indexes/select.js';
import { correspondences } from '../refine/correspondences.js';
import { indexStarsNear } from '../refine/index-stars.js';
import { residuals } from '../refine/residuals.js';
import { writeSolution } from '../refine/solution-files.js';
import { pixelScale } from '../search/respects-bounds.js';
import type { Solution } from './solution.js';
import type { Solved } from './try-attempt.js';

/** Stars of the index that a fit wants in the field. More are fainter ones, whose positions are worse in the image. */
const WANTED_REFERENCES = 100;
/** A fit that explains fewer of the stars than the engine did by this share is none. */
const LEAST_SHARE = 0.8;

/** A solution, and what was fitted in its place. */
export interface Refined extends Solved {
  fit?: LensFit;
}

interface References extends ReferenceStars {
  id: ArrayLike<number>;
  /** What they are stars of. */
  source: string;
}

/**
 * Fits the engine's solution, which hangs on the three or four stars of one quad, to all stars that the image and the finest
 * suitable index have in common, and writes it in its place. The engine's own way to do that takes a hundred rounds for each order
 * of the distortion, with the stars of the quad's index only.
 * @param order the highest of the distortion; 0 and 1 allow none.
 * @param calibration what is known of the lens: a first guess
 */
export async function refine(
  found: Solved,
  stars: StarList,
  indexes: readonly InstalledIndex[],
  order: number,
  calibration?: Calibration,
): Promise<Refined> {
  const { solution, folder } = found;
  const lens = calibration && knownLensOf(calibration, solution.wcs);
  for (const references of [await finerStars(solution, indexes), ownStars(solution)]) {
    const fitted =
      references && fitField(solution.wcs, solution.quad ?? solution.pairs, stars, references, order, lens);
    if (!fitted || fitted.matches.length < LEAST_SHARE * solution.matched) continue;
    const wcs = withInverse(fitted.wcs);
    const pairs = correspondences(wcs, fitted, stars, references, references.id);
    const remark = `Fitted by Astro Jobs to ${pairs.id.length} stars of ${references.source}`;
    await writeSolution(folder, wcs, pairs, remark);
    const off = residuals({ ra_deg: pairs.field_ra, dec_deg: pairs.field_dec }, pairs);
    const quality = { ...solution.quality, ...off, coverage: fitted.coverage };
    return {
      ...found,
      fit: fitted.report,
      solution: { ...solution, wcs, pairs, matched: pairs.id.length, quality },
    };
  }
  return found;
}

/** The stars of the coarsest indexes that have enough of them in the field, else of the finest. */
async function finerStars(
  { wcs }: Solution,
  indexes: readonly InstalledIndex[],
): Promise<References | undefined> {
  const scale = pixelScale(wcs);
  const [ra_deg, dec_deg] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  const radius_deg = (1.05 * scale * Math.hypot(wcs.width, wcs.height)) / 2 / 3600;
  const area_deg2 = (wcs.width * wcs.height * scale ** 2) / 3600 ** 2;
  const coarsestFirst = indexesNear(indexes, { ra_deg, dec_deg, radius_deg })
    .filter(({ stars_per_deg2 }) => stars_per_deg2 !== undefined)
    .sort((a, b) => a.stars_per_deg2! - b.stars_per_deg2!);
  const chosen =
    coarsestFirst.find(({ stars_per_deg2 }) => stars_per_deg2! * area_deg2 >= WANTED_REFERENCES) ??
    coarsestFirst.at(-1);
  // One set of indexes may be split into cells, of which several meet in the field.
  const files = coarsestFirst.filter(
    (index) => index === chosen || (index.cell && chosen?.cell && index.lower_arcmin === chosen.lower_arcmin),
  );
  const parts = await Promise.all(files.map(({ path }) => indexStarsNear(path, ra_deg, dec_deg, radius_deg)));
  const known = parts.filter((part) => part !== undefined);
  if (!chosen || known.length === 0) return undefined;
  return {
    ra_deg: Float64Array.from(known.flatMap((part) => [...part.ra_deg])),
    dec_deg: Float64Array.from(known.flatMap((part) => [...part.dec_deg])),
    id: known.flatMap((part) => [...part.id]),
    isSorted: false,
    source: basename(chosen.path),
  };
}

/** The stars that the engine itself matched. */
function ownStars({ pairs, quality }: Solution): References {
  const [ra_deg, dec_deg] = [Float64Array.from(pairs.ra_deg), Float64Array.from(pairs.dec_deg)];
  return { ra_deg, dec_deg, id: pairs.id, isSorted: false, source: quality.index ?? 'the index' };
}
