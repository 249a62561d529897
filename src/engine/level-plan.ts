import { SOON_BUDGET, WIDE_BUDGET } from './budgets.js';
import { isSmallPart, levelSizesFor } from './packaged-stars.js';
import type { IndexRequest } from './star-index.js';

/** Levels from this size on, degrees, are made within two seconds; those below take some ten. */
const SOON_DEG = 2;

/** The order in which a search over the packaged stars gets its levels: sizes in degrees. */
export interface LevelPlan {
  /** Those that are made already or made soon. */
  soon: number[];
  /** Those that take long to make: it is worth searching without them first. */
  later: number[];
}

/**
 * @param starCount stars of the catalogue
 * @param isMade whether a level need not be made: it is in memory or in a cache
 */
export function planLevels(
  request: IndexRequest,
  starCount: number,
  isMade: (size_deg: number) => boolean,
): LevelPlan {
  const sizes = levelSizesFor(request, starCount);
  // Quads of a small part of the sky are made by the thread that searches, sooner than those of all of it.
  if (isSmallPart(request)) return { soon: sizes.filter(isMade), later: [] };
  const isSoon = (size: number) => size >= SOON_DEG || isMade(size);
  return { soon: sizes.filter(isSoon), later: sizes.filter((size) => !isSoon(size)) };
}

/** The turns in which a search gets levels that are not in memory: from what size on, degrees, and how much is searched before the next. */
const TURNS = [
  { from_deg: 4, budget: WIDE_BUDGET },
  { from_deg: SOON_DEG, budget: SOON_BUDGET },
  { from_deg: 0, budget: Number.POSITIVE_INFINITY },
] as const;

/** One of the turns of a search. */
export interface LevelTurn {
  /** The levels that it has, those of the turns before it included: sizes in degrees. */
  sizes: number[];
  /** How much is searched, see `SolveQuestion`. */
  budget: number;
}

/**
 * A search in turns: most images are found in the wide levels, which are small. Turns that would have nothing new are left out.
 * @param sizes of all levels that it may need, degrees
 * @param isInMemory whether it costs nothing to search a level too
 */
export function levelTurns(sizes: readonly number[], isInMemory: (size_deg: number) => boolean): LevelTurn[] {
  const turns = TURNS.map(({ from_deg, budget }) => ({
    sizes: sizes.filter((size) => size >= from_deg || isInMemory(size)),
    budget,
  }));
  return turns.filter(({ sizes: own }, i) => own.length > 0 && own.length !== turns[i + 1]?.sizes.length);
}
