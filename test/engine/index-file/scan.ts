import type { IndexFile } from '../../../src/engine/index-file/index-file.js';
import { DEG, normalizeRa, RAD } from '../../../src/wcs/sphere.js';
import type { Random } from '../../sky/random.js';
import type { Star } from '../../sky/stars.js';

/** All that a file holds, read one by one: what searches are held against. */
export interface Scan {
  codes: Float64Array[];
  stars: Float64Array[];
}

export function scanAll(index: IndexFile): Scan {
  const { quads, stars, dimQuads } = index.metadata;
  return {
    codes: Array.from({ length: quads }, (_, quad) => {
      const code = new Float64Array(2 * (dimQuads - 2));
      index.quadCode(quad, code);
      return code;
    }),
    stars: Array.from({ length: stars }, (_, star) => {
      const position = new Float64Array(3);
      index.starPosition(star, position);
      return position;
    }),
  };
}

/** Distances that rounding may take for more or less than the radius. */
const EDGE = 1e-11;

/**
 * Searches at random places near what the file holds, for radii from none to most of it. Returns how many items were found, and how many
 * were missed, found too far away, or found twice.
 */
export function searchAtRandom(
  items: readonly Float64Array[],
  radii: readonly number[],
  random: Random,
  search: (place: Float64Array, radius: number, visit: (item: number) => void) => void,
  adjust: (place: Float64Array) => void = () => {},
): { found: number; wrong: number } {
  let [found, wrong] = [0, 0];
  for (const radius of radii) {
    const near = items[Math.floor(items.length * random.uniform())]!;
    const place = near.map((value) => value + radius * (random.uniform() - 0.5));
    if (radius > 0) adjust(place);
    const visits = new Map<number, number>();
    search(place, radius, (item) => visits.set(item, (visits.get(item) ?? 0) + 1));
    found += visits.size;
    items.forEach((item, number) => {
      const distance = Math.sqrt(item.reduce((sum, value, axis) => sum + (value - place[axis]!) ** 2, 0));
      const count = visits.get(number) ?? 0;
      if (Math.abs(distance - radius) < EDGE && count <= 1) return;
      if (count !== (distance <= radius ? 1 : 0)) wrong++;
    });
  }
  return { found, wrong };
}

/** Searches of codes and of stars in caps, held against the scan. */
export function searchEverywhere(index: IndexFile, scan: Scan, random: Random, rounds: number) {
  const radii = (sizes: number[]): number[] =>
    Array.from({ length: rounds }, (_, i) => sizes[i % sizes.length]!);
  const codes = searchAtRandom(scan.codes, radii([0, 1e-4, 0.01, 0.1, 0.5]), random, (place, radius, visit) =>
    index.searchCodes(place, radius, visit),
  );
  const stars = searchAtRandom(
    scan.stars,
    radii([1e-6, 1e-3, 0.02, 0.3, 2]),
    random,
    (place, chord, visit) => index.starsInCap(place, 2 * Math.asin(chord / 2), visit),
    (place) => {
      const length = Math.hypot(...place);
      place.forEach((value, axis) => {
        place[axis] = value / length;
      });
    },
  );
  return { codes, stars };
}

/** The largest difference of a stored code from the one of its stars. */
export function worstCode(
  index: IndexFile,
  scan: Scan,
  codeOf: (positions: number[], out: number[]) => void,
): number {
  const stars: number[] = [];
  const code: number[] = [];
  let worst = 0;
  scan.codes.forEach((stored, quad) => {
    index.quadStars(quad, stars);
    codeOf(
      stars.flatMap((star) => [...scan.stars[star]!]),
      code,
    );
    stored.forEach((value, axis) => {
      // Not a number must not pass for no difference.
      if (!(Math.abs(value - code[axis]!) <= worst)) worst = Math.abs(value - code[axis]!);
    });
  });
  return worst;
}

function vectorOf(ra_deg: number, dec_deg: number): number[] {
  const [ra, dec] = [ra_deg * RAD, dec_deg * RAD];
  return [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
}

/** The stars of a circle with their magnitudes, in order of right ascension. */
export function starsIn(index: IndexFile, ra_deg: number, dec_deg: number, radius_deg: number): Star[] {
  const stars: Star[] = [];
  const position = [0, 0, 0] as [number, number, number];
  index.starsInCap(vectorOf(ra_deg, dec_deg), radius_deg * RAD, (star) => {
    index.starPosition(star, position);
    const [x, y, z] = position;
    stars.push({
      ra_deg: normalizeRa(Math.atan2(y, x) * DEG),
      dec_deg: Math.atan2(z, Math.hypot(x, y)) * DEG,
      mag: index.magnitude(star),
    });
  });
  return stars.sort((a, b) => a.ra_deg - b.ra_deg);
}
