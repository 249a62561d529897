import type { StarCatalog } from '../../src/engine/star-catalog.js';
import { unitVector } from './projection.js';
import type { Star } from './stars.js';

/** Stars of the catalogue about a place, the brightest first, at most so many; degrees J2000. */
export function starsAbout(
  catalog: StarCatalog,
  ra_deg: number,
  dec_deg: number,
  radius_deg: number,
  most = 6000,
): Star[] {
  const found = new Int32Array(most);
  const count = catalog.brightest(
    ...unitVector(ra_deg, dec_deg),
    (radius_deg * Math.PI) / 180,
    found.length,
    found,
  );
  const { vectors, magnitudes } = catalog.data;
  return Array.from(found.subarray(0, count), (star) => {
    const [x, y, z] = [0, 1, 2].map((axis) => vectors[3 * star + axis]) as [number, number, number];
    return {
      ra_deg: ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360,
      dec_deg: (Math.asin(z) * 180) / Math.PI,
      mag: magnitudes[star] ?? 99,
    };
  });
}
