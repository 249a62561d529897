import { SOON_BUDGET, WIDE_BUDGET } from './budgets.js';
import { isSmallPart, levelSizesFor } from './packaged-stars.js';
import type { IndexRequest } from './star-index.js';

/** The turns in which a search gets levels that are not in memory: from what size on, degrees, and how much is searched before the next. */
const TURNS = [
  { from_deg: 4, budget: WIDE_BUDGET },
  { from_deg: 2, budget: SOON_BUDGET },
  { from_deg: 0, budget: Number.POSITIVE_INFINITY },
] as const;

/** One of the turns of a search. */
export interface LevelTurn {
  /** The levels that it has, those of the turns before it included: sizes in degrees. */
  sizes: number[];
  /** Those of them that have to be there first; the others, of a small part of the sky, are made sooner by who searches than for all of it. */
  needed: number[];
  /** How much is searched, see `SolveQuestion`; without bound in the last one. */
  budget: number;
}

/** Which levels of quads cost nothing. */
export interface LevelsAtHand {
  /** Whether a search has it already. */
  isInMemory(size_deg: number): boolean;
  /** Whether it need not be made: it is in memory or in a cache. */
  isMade(size_deg: number): boolean;
}

/**
 * A search over the packaged stars in turns: most images are found in the wide levels, which are small. Turns that would have nothing new are left
 * out; there is none where the stars have no level for the request.
 * @param starCount stars of the catalogue
 */
export function levelTurns(request: IndexRequest, starCount: number, atHand: LevelsAtHand): LevelTurn[] {
  const all = levelSizesFor(request, starCount);
  const isNeeded = (size: number) => !isSmallPart(request) || atHand.isMade(size);
  const turns = TURNS.map(({ from_deg, budget }) => {
    const sizes = all.filter((size) => size >= from_deg || atHand.isInMemory(size));
    return { sizes, needed: sizes.filter(isNeeded), budget };
  });
  return turns.filter(({ sizes }, i) => sizes.length > 0 && sizes.length !== turns[i + 1]?.sizes.length);
}
