import { type Evidence, type GrownMatch, type Weighing, weigh } from './evidence.js';
import type { StarList } from './field.js';
import { COMPLETENESS } from './local-check.js';
import type { StarIndex } from './star-index.js';

/** What is told of each candidate to those who tune the engine. */
export type Trace = (evidence: Evidence, log_odds: number) => void;

const MAX_COMPARED = 120;
const WEIGHING: Weighing = {
  completeness: [COMPLETENESS],
  most: MAX_COMPARED,
  fewest: 5,
  brightest: 10,
  neighbourhood: 0.12,
  squares: 3,
};

/** What speaks for a match of a pinhole camera's image. */
export function judge(growth: GrownMatch, index: StarIndex, list: StarList): Evidence {
  const { fewest } = WEIGHING;
  const most = Math.min(MAX_COMPARED, Math.max(fewest, growth.field.count));
  return weigh(growth, index, list, { ...WEIGHING, most });
}

/** Odds of a solution. */
const LEAST_LOG_ODDS = 14;
/** Odds that chance never has, whatever else is odd about the image. */
export const CERTAIN_LOG_ODDS = 100;
const FEWEST_MATCHED = 7;
/** What each matched star must say on average. A fit that bends to many stars and places none of them well says little of each. */
const LEAST_PER_MATCH = 1;
const LEAST_BRIGHT = 0.5;
const LEAST_SPREAD = 0.7;
const RANKED = 8;
const MAX_STRETCH = 1.03;

/**
 * Whether a grown match is a solution.
 * @param hypotheses how many were tested in this search: each had its chance
 */
export function isSolution(evidence: Evidence, hypotheses: number): boolean {
  const odds = oddsAmong(evidence, hypotheses);
  if (odds < LEAST_LOG_ODDS || evidence.matched < FEWEST_MATCHED) return false;
  // A match of one part of the image is true of that part only, however good it is.
  if (evidence.spread < LEAST_SPREAD || evidence.stretch > MAX_STRETCH) return false;
  if (odds >= CERTAIN_LOG_ODDS) return true;
  if (odds < LEAST_PER_MATCH * evidence.matched) return false;
  // A foreground may hide the brightest stars of the sky, or lead the list of the image, but not both wholly.
  if (evidence.brightest_present + evidence.brightest_explained < LEAST_BRIGHT) return false;
  return evidence.matched < RANKED || evidence.rank_correlation > 0;
}

/** Log odds against chance, of the best of so many hypotheses. */
export function oddsAmong({ log_odds }: Evidence, hypotheses: number): number {
  return log_odds - Math.log(Math.max(1, hypotheses));
}
