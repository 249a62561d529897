// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { LIST_LENGTH } from './quad-level.js';
import type { SkyCells } from './sky-cells.js';
import type { StarCatalog } from './star-catalog.js';
import type { SkyCap } from './star-index.js';

/** Stars that are kept of each cell. */
export const STARS_A_CELL = 10;
/** Beyond this radius, radians, going through all stars is as quick as looking them up by place. */
const LARGE_CAP = 0.5;

/** The brightest stars of each cell: their numbers in rows of `STARS_A_CELL`, and how many. */
export interface CellStars {
  stars: Int32Array;
  counts: Uint8Array;
}

export function brightestOfCells(catalog: StarCatalog, cells: SkyCells, cap?: SkyCap): CellStars {
  const stars = new Int32Array(STARS_A_CELL * cells.count);
  const counts = new Uint8Array(cells.count);
  const { vectors } = catalog.data;
  let places = STARS_A_CELL * cells.count;
  const put = (star: number) => {
    const cell = cells.cellOf(vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!);
    if (counts[cell] === STARS_A_CELL) return;
    stars[STARS_A_CELL * cell + counts[cell]!++] = star;
    places--;
  };
  if (cap && cap.radius < LARGE_CAP) {
    const found = new Int32Array(catalog.count);
    const [x, y, z] = [cap.direction[0]!, cap.direction[1]!, cap.direction[2]!];
    const count = catalog.brightest(x, y, z, cap.radius, catalog.count, found);
    for (let i = 0; i < count; i++) put(found[i]!);
  } else for (let star = 0; star < catalog.count && places > 0; star++) put(star);
  return { stars, counts };
}

/** Collects the brightest stars about a place from those of the cells. */
export class NearStars {
  readonly stars = new Int32Array(LIST_LENGTH);
  readonly #vectors: Float32Array;
  readonly #cells: SkyCells;
  readonly #brightest: CellStars;

  constructor(catalog: StarCatalog, cells: SkyCells, brightest: CellStars) {
    this.#vectors = catalog.data.vectors;
    this.#cells = cells;
    this.#brightest = brightest;
  }

  /** The numbers of the brightest stars within a radius, ascending, into `stars`; returns how many, at most `limit`. */
  collect(middle: Float64Array, radius: number, limit: number): number {
    const { stars: all, counts } = this.#brightest;
    const [nearest, vectors, cells] = [this.stars, this.#vectors, this.#cells];
    const [x, y, z] = [middle[0]!, middle[1]!, middle[2]!];
    const most = (2 * Math.sin(Math.min(radius, Math.PI) / 2)) ** 2;
    let count = 0;
    const runs = cells.near(x, y, z, Math.min(radius, Math.PI));
    for (let run = 0; run < runs; run++) {
      const last = cells.runs[2 * run + 1]!;
      for (let cell = cells.runs[2 * run]!; cell <= last; cell++) {
        const end = STARS_A_CELL * cell + counts[cell]!;
        for (let k = STARS_A_CELL * cell; k < end; k++) {
          const star = all[k]!;
          // Those that follow in the cell are fainter still.
          if (count === limit && star > nearest[limit - 1]!) break;
          const dx = vectors[3 * star]! - x;
          const dy = vectors[3 * star + 1]! - y;
          const dz = vectors[3 * star + 2]! - z;
          if (dx * dx + dy * dy + dz * dz > most) continue;
          let place = count < limit ? count++ : limit - 1;
          for (; place > 0 && nearest[place - 1]! > star; place--) nearest[place] = nearest[place - 1]!;
          nearest[place] = star;
        }
      }
    }
    return count;
  }
}
