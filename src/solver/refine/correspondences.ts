// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { type FieldFit, type ReferenceStars, starPairsOf } from '../../engine/fit/fit-field.js';
import type { StarList } from '../../stars/list.js';
import { pixelsToSky } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';
import type { Correspondences } from './solution-files.js';

/**
 * What `.corr` holds of a fit.
 * @param ids of the reference stars
 */
export function correspondences(
  wcs: Wcs,
  { matches, sigma_px }: Pick<FieldFit, 'matches' | 'sigma_px'>,
  stars: StarList,
  references: Pick<ReferenceStars, 'ra_deg' | 'dec_deg'>,
  ids: ArrayLike<number>,
): Correspondences {
  const density = stars.x.length / (wcs.width * wcs.height);
  const pairs = starPairsOf(matches, stars, references);
  const sky = pixelsToSky(wcs, Float64Array.from(pairs.x), Float64Array.from(pairs.y));
  return {
    ...pairs,
    field_ra: sky.ra_deg,
    field_dec: sky.dec_deg,
    field_id: matches.map(({ field }) => field),
    id: matches.map(({ reference }) => ids[reference]!),
    weight: matches.map(({ distance }) => {
      // A Gaussian about the star's true place against the even spread of all others.
      const likely = Math.exp(-0.5 * (distance / sigma_px) ** 2) / (2 * Math.PI * sigma_px ** 2);
      return likely / (likely + density);
    }),
    flux: matches.map(({ field }) => stars.flux[field]!),
    background: matches.map(({ field }) => stars.background[field]!),
  };
}
