// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the lists of the question.
import { type Confirmed, confirm } from './confirm.js';
import { matchStars, pairsOf } from './match-stars.js';
import type { QuadTable } from './quads.js';
import type { EngineQuestion } from './question.js';
import { ListSearch, MAX_DEPTH, type SearchCounts } from './search.js';
import type { SkyGrid } from './sky-grid.js';
import { LOOSE, TIGHT } from './verify.js';

export interface EngineSolution extends Confirmed {
  solved: true;
  /** Which list. */
  list: number;
  counts: SearchCounts;
}

export interface EngineFailure {
  solved: false;
  /** `too_few_stars`: no list makes a quad and can be verified. `exhausted`: all lists were searched to their end. `given_up`: so were as many hypotheses as were allowed. */
  reason: 'too_few_stars' | 'exhausted' | 'stopped' | 'given_up';
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
    const { depth: deepest = MAX_DEPTH, maxHypotheses = Number.POSITIVE_INFINITY } = question;
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
          for (let faintest = depth; faintest < Math.min(end, deepest, search.depth); faintest++) {
            let found: Confirmed | undefined;
            const outcome = search.run(
              faintest,
              tables,
              tolerance,
              (accepted) => {
                found = confirm(this.#grid, question, question.lists[list]!, accepted, counts);
                return found !== undefined;
              },
              () => counts.hypotheses >= maxHypotheses || shouldStop(),
            );
            if (found) return { solved: true, ...finish(found, question, list), list, counts };
            if (outcome === 'stopped') {
              const reason = counts.hypotheses >= maxHypotheses ? 'given_up' : 'stopped';
              return { solved: false, reason, counts };
            }
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

/** The final fit, of the order that was asked for, to all stars of the list. */
function finish(found: Confirmed, { lists, order }: EngineQuestion, list: number): Confirmed {
  const field = lists[list]!;
  const seeds = pairsOf(found.matches, field, found.reference);
  const fitted = matchStars(found.wcs, seeds, field, found.reference, order);
  if (!fitted || fitted.matches.length < LEAST_SHARE * found.matches.length) return found;
  return { ...found, wcs: fitted.wcs, matches: fitted.matches, sigma_px: fitted.sigma_px };
}

/** A final fit that explains fewer of the stars by this share is none. */
const LEAST_SHARE = 0.8;
