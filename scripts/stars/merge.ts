import { separation } from '../../src/wcs/sphere.js';
import type { CatalogueStar } from './encode.js';

/** Closer than this the same star is meant: catalogues differ by proper motion and in close pairs. */
const SAME_STAR_DEG = 20 / 3600;
/** A star fainter by more than this beside a bright one is another one. */
const SAME_STAR_MAG = 2;
/** Side of the squares that neighbours are looked for in, degrees. */
const CELL_DEG = 0.1;

/** Stars that can be asked for neighbours. */
class StarSet {
  readonly stars: CatalogueStar[] = [];
  readonly #cells = new Map<number, CatalogueStar[]>();

  add(star: CatalogueStar): void {
    this.stars.push(star);
    const key = keyOf(columnOf(star.ra_deg), rowOf(star.dec_deg));
    const cell = this.#cells.get(key);
    if (cell) cell.push(star);
    else this.#cells.set(key, [star]);
  }

  /** Whether a star within `radius_deg` passes a test. */
  hasNear({ ra_deg, dec_deg }: CatalogueStar, radius_deg: number, test: (other: CatalogueStar) => boolean) {
    const reach = Math.min(180, radius_deg / Math.max(1e-3, Math.cos((Math.abs(dec_deg) * Math.PI) / 180)));
    for (let row = rowOf(dec_deg - radius_deg); row <= rowOf(dec_deg + radius_deg); row++) {
      for (let column = columnOf(ra_deg - reach); column <= columnOf(ra_deg + reach); column++) {
        const wrapped = (column + COLUMNS) % COLUMNS;
        for (const other of this.#cells.get(keyOf(wrapped, row)) ?? []) {
          if (!test(other)) continue;
          if (separation(ra_deg, dec_deg, other.ra_deg, other.dec_deg) <= radius_deg) return true;
        }
      }
    }
    return false;
  }
}

const COLUMNS = Math.round(360 / CELL_DEG);

function columnOf(ra_deg: number): number {
  return Math.floor(ra_deg / CELL_DEG);
}

function rowOf(dec_deg: number): number {
  return Math.floor((dec_deg + 90) / CELL_DEG);
}

function keyOf(column: number, row: number): number {
  return row * COLUMNS + column;
}

/** The stars of an index, and those bright ones that are none of them. */
export function mergeStars(
  indexed: readonly CatalogueStar[],
  bright: readonly CatalogueStar[],
): CatalogueStar[] {
  const merged = new StarSet();
  for (const star of indexed) merged.add(star);
  for (const star of bright) {
    const isSame = (other: CatalogueStar) => other.magnitude < star.magnitude + SAME_STAR_MAG;
    if (!merged.hasNear(star, SAME_STAR_DEG, isSame)) merged.add(star);
  }
  return merged.stars;
}
