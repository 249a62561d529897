// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { Field, StarList } from './field.js';
import type { Growth } from './grow.js';
import { LOG_MISSED, logRatio } from './local-check.js';
import type { StarIndex } from './star-index.js';

/** What is known of a grown match, and what the decision is made on. */
export interface Evidence {
  /** Natural logarithm of the likelihood ratio of the match and chance, without the quad's stars and what the fit used up. */
  log_odds: number;
  matched: number;
  /** The brightest catalogue stars in the image that the odds are of. */
  compared: number;
  /** Share of the brightest catalogue stars in the image that it shows. */
  brightest_present: number;
  /** Share of the image's brightest stars that are the catalogue's. */
  brightest_explained: number;
  /** Ninths of the image that hold matched stars, over how many would if the matched were as many of its stars at random. */
  spread: number;
  /** Spearman's rank correlation of the brightness in the image and in the catalogue. */
  rank_correlation: number;
  /** Standard deviation of a star's place along one axis, pixels. */
  sigma_px: number;
  /** How much longer than wide the fit makes a square. */
  stretch: number;
}

/** Stars that are looked at one by one as the brightest. */
const BRIGHTEST = 10;
const MAX_COMPARED = 120;
/** Fewer say nothing. */
const FEWEST_COMPARED = 5;
/** Stars are as dense about a place as within this share of the diagonal. */
const NEIGHBOURHOOD = 0.12;
const NINTHS = 3;

/**
 * Reckons what speaks for a grown match. How faint the image's stars are is not known: the odds are those of the brightest n catalogue
 * stars for the n that speaks most, less the logarithm of the number of choices.
 */
export function judge(growth: Growth, index: StarIndex, list: StarList): Evidence {
  const { field } = growth;
  const limit = Math.min(MAX_COMPARED, Math.max(FEWEST_COMPARED, field.count));
  // The fit chose its numbers so that stars agree: each pair gives one along each axis, and the quad's own are not counted.
  const usedUp = Math.max(0, growth.bending.determined - growth.quadStars);
  let [sum, gained, hits, seen, brightHits] = [0, 0, 0, 0, 0];
  let best = Number.NEGATIVE_INFINITY;
  let compared = 0;
  for (let i = growth.quadStars; i < growth.references && seen < limit; i++) {
    const [x, y] = [growth.x[i]!, growth.y[i]!];
    if (Number.isNaN(x)) continue;
    const star = growth.match[i]!;
    seen++;
    if (star < 0) sum += LOG_MISSED;
    else {
      const distance2 = (field.x[star]! - x) ** 2 + (field.y[star]! - y) ** 2;
      const ratio = logRatio(distance2, growth.variance[i]!, densityAbout(field, x, y));
      sum += ratio;
      gained += ratio;
      hits++;
      if (seen <= BRIGHTEST) brightHits++;
    }
    const odds = sum - (hits === 0 ? 0 : (usedUp * gained) / hits);
    if (seen >= FEWEST_COMPARED && odds > best) [best, compared] = [odds, seen];
  }
  return {
    log_odds: best - Math.log(Math.max(1, seen - FEWEST_COMPARED + 1)),
    matched: growth.matched,
    compared,
    brightest_present: brightHits / Math.max(1, Math.min(BRIGHTEST, seen)),
    brightest_explained: explained(growth, list),
    spread: spread(growth),
    rank_correlation: rankCorrelation(growth, index, list),
    sigma_px: growth.sigma,
    stretch: stretch(growth),
  };
}

function densityAbout(field: Field, x: number, y: number): number {
  const radius = NEIGHBOURHOOD * Math.hypot(field.width, field.height);
  const across = Math.min(field.width, x + radius) - Math.max(0, x - radius);
  const down = Math.min(field.height, y + radius) - Math.max(0, y - radius);
  return (field.countWithin(x, y, radius) + 1) / ((Math.PI / 4) * across * down);
}

/** Numbers of the field's stars, the brightest first. */
function byFlux(count: number, { flux }: StarList): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  return flux ? order.sort((a, b) => flux[b]! - flux[a]! || a - b) : order;
}

function explained(growth: Growth, list: StarList): number {
  const matched = new Set<number>();
  for (let i = 0; i < growth.references; i++) if (growth.match[i]! >= 0) matched.add(growth.match[i]!);
  const brightest = byFlux(growth.field.count, list).slice(0, BRIGHTEST);
  return brightest.filter((star) => matched.has(star)).length / Math.max(1, brightest.length);
}

function spread(growth: Growth): number {
  const { field, references, match } = growth;
  const ninth = (star: number) =>
    Math.min(NINTHS - 1, Math.floor((field.x[star]! / field.width) * NINTHS)) * NINTHS +
    Math.min(NINTHS - 1, Math.floor((field.y[star]! / field.height) * NINTHS));
  const [all, matched] = [new Set<number>(), new Set<number>()];
  for (let star = 0; star < field.count; star++) all.add(ninth(star));
  for (let i = 0; i < references; i++) if (match[i]! >= 0) matched.add(ninth(match[i]!));
  const matches = growth.matched;
  const expected = all.size * (1 - (1 - 1 / Math.max(2, all.size)) ** matches);
  return matched.size / Math.max(1, expected);
}

function rankCorrelation({ references, match, stars }: Growth, index: StarIndex, { flux }: StarList): number {
  const pairs: { brightness: number; magnitude: number }[] = [];
  for (let i = 0; i < references; i++) {
    const star = match[i]!;
    if (star >= 0)
      pairs.push({ brightness: flux ? flux[star]! : -star, magnitude: index.magnitude(stars[i]!) });
  }
  const count = pairs.length;
  if (count < 3) return 0;
  const sky = new Map(
    [...pairs].sort((a, b) => a.magnitude - b.magnitude).map((pair, rank) => [pair, rank] as const),
  );
  const sum = [...pairs]
    .sort((a, b) => b.brightness - a.brightness)
    .reduce((total, pair, rank) => total + (rank - sky.get(pair)!) ** 2, 0);
  return 1 - (6 * sum) / (count * (count * count - 1));
}

/** Ratio of the singular values of the fit's linear part. */
function stretch({ bending, half }: Growth): number {
  const [a, b, c, d] = bending.linear();
  const [p, q, r, s] = [1 + a / half, b / half, c / half, 1 + d / half];
  const [sum, difference] = [Math.hypot(p + s, q - r), Math.hypot(p - s, q + r)];
  return (sum + difference) / Math.max(1e-9, Math.abs(sum - difference));
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
