// biome-ignore-all lint/style/noNonNullAssertion: a star has three numbers and a magnitude.
import { StarCatalog } from '../../engine/star-catalog.js';
import { DEG, normalizeRa, RAD } from '../../wcs/sphere.js';
import { sky } from './this-process.js';

/** Stars of the package, brightest first: J2000 degrees, Tycho-2 VT. */
export interface FieldStars {
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  magnitude: Float64Array;
}

/**
 * The packaged stars within a radius of a place, degrees.
 * @param most so many, the brightest
 * @throws AstroJobsError `solver_unavailable` when the stars cannot be read; `signal.reason`
 */
export async function fieldStars(
  place: { ra_deg: number; dec_deg: number; radius_deg: number },
  most: number,
  signal: AbortSignal,
): Promise<FieldStars> {
  const catalog = new StarCatalog(await sky.catalog(signal));
  const { vectors, magnitudes } = catalog.data;
  const [ra, dec] = [place.ra_deg * RAD, place.dec_deg * RAD];
  const direction = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)] as const;
  const found = new Int32Array(most);
  const count = catalog.brightest(...direction, Math.min(180, place.radius_deg) * RAD, most, found);
  const stars = found.subarray(0, count);
  return {
    ra_deg: Float64Array.from(stars, (star) =>
      normalizeRa(Math.atan2(vectors[3 * star + 1]!, vectors[3 * star]!) * DEG),
    ),
    dec_deg: Float64Array.from(
      stars,
      (star) => Math.asin(Math.max(-1, Math.min(1, vectors[3 * star + 2]!))) * DEG,
    ),
    magnitude: Float64Array.from(stars, (star) => magnitudes[star]!),
  };
}
