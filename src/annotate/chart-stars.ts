import { readFileSync } from 'node:fs';
import { decodeStars, type StarColumns } from '../engine/star-file.js';
import { packageFile } from '../package-files.js';
import { RAD } from '../wcs/sphere.js';
import { directionOf, unitVector } from '../wcs/vector.js';
import type { ChartStar } from './star-dots.js';

let stars: StarColumns | undefined;

/** The package's own stars, brightest first: unpacked for the first chart that a process draws, and kept. */
export function packagedStars(): StarColumns {
  stars ??= decodeStars(readFileSync(packageFile('data', 'stars.bin')));
  return stars;
}

/**
 * The brightest of the package's own stars about a place, brightest first.
 * @param center RA and Dec in degrees, J2000
 * @param radius_deg up to 180
 * @param most so many at most, none fainter than `faintest` (Tycho-2 VT)
 */
export function brightestStars(
  center: readonly [ra_deg: number, dec_deg: number],
  radius_deg: number,
  { most, faintest }: { most: number; faintest: number },
): ChartStar[] {
  const { count, vectors, magnitudes } = packagedStars();
  const [x, y, z] = unitVector(...center);
  const least = Math.cos(radius_deg * RAD);
  const found: ChartStar[] = [];
  for (let star = 0; star < count && found.length < most; star++) {
    // The columns are of `count` stars.
    const [vx = 0, vy = 0, vz = 0] = [vectors[3 * star], vectors[3 * star + 1], vectors[3 * star + 2]];
    const magnitude = magnitudes[star] ?? Number.POSITIVE_INFINITY;
    if (magnitude > faintest) break;
    if (vx * x + vy * y + vz * z < least) continue;
    const [ra_deg, dec_deg] = directionOf([vx, vy, vz]);
    found.push({ ra_deg, dec_deg, magnitude });
  }
  return found;
}
