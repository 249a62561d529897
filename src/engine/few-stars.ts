import type { Camera } from './camera.js';
import type { SearchBounds, SearchCounts } from './candidate.js';
import { type Evidence, type GrownMatch, type Weighing, weigh } from './evidence.js';
import { Field, type StarList } from './field.js';
import { oddsAmong } from './judge.js';
import { COMPLETENESS } from './local-check.js';
import { type Aim, PairMatch } from './pair-match.js';
import type { StarIndex } from './star-index.js';

/** Two stars aim a camera, the others tell it from chance: from four on they can where few hypotheses are left. */
export const FEWEST_OF_FEW = 4;
/** Quads find what has more. */
const MOST_OF_FEW = 12;
/** Scale and position are known so well that few hypotheses are left: the factor of the scale, and radians. */
const MAX_SCALE_RANGE = 1.5;
const MAX_RADIUS = 0.35;
/** Few stars are isolated ones, measured to this share of what is usual. */
const PRECISE = 0.6;
/** Odds of a solution: as all hypotheses are counted, chance has them once in e¹¹. */
const LEAST_LOG_ODDS = 11;
const TRIALS_BETWEEN = 1000;

const WEIGHING: Weighing = {
  completeness: [COMPLETENESS],
  most: MOST_OF_FEW,
  fewest: 2,
  brightest: 6,
  neighbourhood: 0.5,
  squares: 2,
};

/** Whether so much is known of an image that few stars are enough. */
export function isForFew({ least, most, radius }: SearchBounds): boolean {
  return most / least <= MAX_SCALE_RANGE && radius !== undefined && radius <= MAX_RADIUS;
}

/** A match of a few stars, and where the camera looks. */
export interface FewMatch {
  match: GrownMatch & { camera: Camera };
  evidence: Evidence;
  log_odds: number;
}

/**
 * Finds where an image of a few stars points when scale and position are nearly known: aims a camera by every two of them at every two stars of the
 * catalogue that may be in the image, and looks for the others. No quad is needed, of which an index holds few.
 */
export function matchFew(
  list: StarList,
  size: { width: number; height: number; sigma_px: number },
  index: StarIndex,
  bounds: SearchBounds,
  counts: SearchCounts,
  shouldStop: () => boolean,
): FewMatch | undefined {
  const { direction, radius } = bounds;
  const { width, height } = size;
  const count = list.x.length;
  if (!direction || radius === undefined || count < FEWEST_OF_FEW || count > MOST_OF_FEW) return undefined;
  const match = new PairMatch(new Field(list, width, height, MOST_OF_FEW), PRECISE * size.sigma_px);
  match.refer(index, direction, radius, bounds.least);
  let best: { a: Aim; evidence: Evidence } | undefined;
  let trials = 0;
  for (const aim of match.aims(bounds)) {
    if (++trials % TRIALS_BETWEEN === 0 && shouldStop()) return undefined;
    counts.trials++;
    if (!match.aim(aim, bounds)) continue;
    counts.hypotheses++;
    match.rematch();
    if (match.matched < FEWEST_OF_FEW) continue;
    counts.verified++;
    const evidence = weigh(match, index, list, WEIGHING);
    if (!best || evidence.log_odds > best.evidence.log_odds) best = { a: aim, evidence };
  }
  if (!best) return undefined;
  const log_odds = oddsAmong(best.evidence, counts.hypotheses);
  match.aim(best.a, bounds);
  match.rematch();
  return { match, evidence: best.evidence, log_odds };
}

/** Whether a match of a few stars is a solution. */
export function isSolutionOfFew({ log_odds }: FewMatch): boolean {
  return log_odds >= LEAST_LOG_ODDS;
}
