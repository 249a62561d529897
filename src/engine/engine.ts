// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the lists of the question.
import type { Wcs } from '../wcs/wcs.js';
import { type Confirmed, confirm } from './confirm.js';
import type { QuadTable } from './quads.js';
import type { FieldBounds, FieldStars } from './question.js';
import { ListSearch, MAX_DEPTH, type SearchCounts } from './search.js';
import type { SkyGrid } from './sky-grid.js';
import { LOOSE, TIGHT } from './verify.js';

/** One image to be solved. */
export interface EngineQuestion {
  /** Lists of the image's stars, made in different ways, the likeliest to succeed first. */
  lists: readonly FieldStars[];
  /** Pixels. */
  width: number;
  height: number;
  bounds: FieldBounds;
}

export interface EngineSolution extends Confirmed {
  solved: true;
  /** Which list. */
  list: number;
  /** Size of the quad that found it, degrees. */
  quad_deg: number;
  counts: SearchCounts;
}

export interface EngineFailure {
  solved: false;
  /** `too_few_stars`: no list makes a quad and can be verified. `exhausted`: all lists were searched to their end. */
  reason: 'too_few_stars' | 'exhausted' | 'stopped';
  counts: SearchCounts;
}

/** How many stars of each list are searched before the next round. */
const ROUNDS = [9, 14, 19, 24, 29, MAX_DEPTH] as const;
/** Stars that make a quad, and enough more to tell it from chance. */
const FEWEST_STARS = 7;

/** Finds where an image points from its stars: plate solving in memory, without files, processes or clocks. */
export class Engine {
  readonly #grid: SkyGrid;
  readonly #tables: readonly QuadTable[];

  /** @param tables the quads to search, of any sizes */
  constructor(grid: SkyGrid, tables: readonly QuadTable[]) {
    this.#grid = grid;
    this.#tables = tables;
  }

  /**
   * Searches depth by depth: all lists to nine stars, then to fourteen, and so on; each as flat fields need it, then as wide lenses do.
   * @param shouldStop asked every few hundred microseconds; true ends the search
   */
  solve(question: EngineQuestion, shouldStop: () => boolean): EngineSolution | EngineFailure {
    const counts: SearchCounts = { quads: 0, hypotheses: 0 };
    const usable = question.lists.filter(({ x }) => x.length >= FEWEST_STARS);
    if (usable.length === 0) return { solved: false, reason: 'too_few_stars', counts };
    const tables = this.#tables.filter((table) => mayFit(table, question));
    const searches = question.lists.map((list) =>
      list.x.length < FEWEST_STARS
        ? undefined
        : new ListSearch(this.#grid, list, question, question.bounds, counts),
    );
    let depth = 3;
    for (const end of ROUNDS) {
      for (const tolerance of [TIGHT, LOOSE]) {
        for (const [list, search] of searches.entries()) {
          if (!search) continue;
          for (let faintest = depth; faintest < Math.min(end, search.depth); faintest++) {
            let found: Confirmed | undefined;
            const outcome = search.run(
              faintest,
              tables,
              tolerance,
              (accepted) => {
                found = confirm(this.#grid, question, question.lists[list]!, accepted, counts);
                return found !== undefined;
              },
              shouldStop,
            );
            if (outcome === 'stopped') return { solved: false, reason: 'stopped', counts };
            if (found) return { solved: true, ...found, list, quad_deg: 0, counts };
          }
        }
      }
      depth = end;
    }
    return { solved: false, reason: 'exhausted', counts };
  }
}

const ARCSEC = Math.PI / 648_000;

/** Whether quads of a table can lie in the image at a scale within the bounds. */
function mayFit(table: QuadTable, { width, height, bounds }: EngineQuestion): boolean {
  return table.shortest <= Math.hypot(width, height) * bounds.scale.high * ARCSEC;
}

export type { Wcs };
