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
