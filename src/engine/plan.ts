// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../wcs/sphere.js';
import type { Tolerance } from './candidate.js';
import type { Field } from './field.js';
import { MAX_DEPTH } from './search.js';

/** What flat fields need. */
const TIGHT: Tolerance = { code: 0.006, bending: 0.003, shortest_rad: 0, leastTangent: 0 };
/** What lenses need that bend straight lines. Small quads are spared it: there are very many of them, and they are hardly bent. */
const LOOSE: Tolerance = { code: 0.018, bending: 0.012, shortest_rad: 2.5 * RAD, leastTangent: 0 };
/** The same for wide images only, once the others have had their turn. */
const LOOSE_WIDE: Tolerance = { ...LOOSE, leastTangent: 0.25 };

/** One round of a search, which every list goes through before the next. */
export interface Round {
  /** Quads of the stars of the whole image, or of those of one part of it after the other. */
  stars: 'whole' | 'parts';
  /** The quad's last star is one of these, by its place in the order of the list (of the part). */
  from: number;
  to: number;
  tolerance: Tolerance;
}

function rounds(stars: Round['stars'], from: number, to: number, loose = LOOSE): Round[] {
  return [TIGHT, loose].map((tolerance) => ({ stars, from, to, tolerance }));
}

/**
 * The rounds of a search: the brightest stars first. Parts of the image come in between, for those whose brightest stars are a nebula,
 * a foreground, or too far from each other in a wide image.
 */
export const ROUNDS: readonly Round[] = [
  ...rounds('whole', 3, 6),
  ...rounds('whole', 6, 9),
  ...rounds('whole', 9, 12),
  ...rounds('parts', 3, 7),
  ...rounds('whole', 12, 15),
  ...rounds('whole', 15, 19, LOOSE_WIDE),
  ...rounds('parts', 7, 10, LOOSE_WIDE),
  ...rounds('whole', 19, 24, LOOSE_WIDE),
  ...rounds('whole', 24, 29, LOOSE_WIDE),
  ...rounds('whole', 29, MAX_DEPTH, LOOSE_WIDE),
];

/** Diameter of a part, and the distance of neighbouring parts, in shorter sides of the image. */
const PART = 0.5;
const PART_STEP = 0.25;
const STARS_A_PART = 10;

/** The stars of a field by overlapping disks, in the order of the list. Disks of fewer than five stars are left out. */
export function partsOf(field: Field): Int32Array[] {
  const shorter = Math.min(field.width, field.height);
  const steps = (side: number) => Math.max(1, Math.round((side / shorter - PART) / PART_STEP) + 1);
  const [columns, rows] = [steps(field.width), steps(field.height)];
  const radius = (PART / 2) * shorter;
  const middle = (step: number, of: number, side: number) =>
    of === 1 ? side / 2 : radius + (step / (of - 1)) * (side - 2 * radius);
  const parts: Int32Array[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [middle(column, columns, field.width), middle(row, rows, field.height)];
      const stars: number[] = [];
      for (let i = 0; i < field.count && stars.length < STARS_A_PART; i++)
        if (Math.hypot(field.x[i]! - x, field.y[i]! - y) <= radius) stars.push(i);
      if (stars.length > 4) parts.push(Int32Array.from(stars));
    }
  }
  return parts;
}
