// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { Evidence } from '../judge.js';
import type { StarIndex } from '../star-index.js';
import type { LensGrowth } from './lens-growth.js';

/** Shares of the sky's stars that an image may show: the rest is behind clouds, the horizon, moonlight. The best of them costs ln 3. */
const COMPLETENESS = [0.6, 0.3, 0.12] as const;
const MAX_COMPARED = 300;
const FEWEST_COMPARED = 8;
/** Stars are as dense about a place as within this share of the diagonal. */
const NEIGHBOURHOOD = 0.1;
/** The image is divided into as many squares along each side to see how far a match spreads. */
const SQUARES = 6;
const BRIGHTEST = 20;

/**
 * Reckons what speaks for a grown match: the likelihood ratio against stars that are strewn as the image's are, of the brightest n catalogue
 * stars, for the n and the completeness that speak most, less what these choices and the fit's numbers cost.
 */
export function judgeLens(growth: LensGrowth, index: StarIndex, flux: ArrayLike<number>): Evidence {
  const { field, references } = growth;
  const usedUp = Math.max(0, growth.fit.determined / 2 - growth.quadStars);
  const radius = NEIGHBOURHOOD * Math.hypot(field.width, field.height);
  let best = { odds: Number.NEGATIVE_INFINITY, compared: 0 };
  let seen = 0;
  let brightHits = 0;
  for (const share of COMPLETENESS) {
    const missed = Math.log(1 - share);
    let [sum, gained, hits] = [0, 0, 0];
    [seen, brightHits] = [0, 0];
    for (let i = growth.quadStars; i < references && seen < MAX_COMPARED; i++) {
      const [x, y] = [growth.x[i]!, growth.y[i]!];
      if (Number.isNaN(x)) continue;
      seen++;
      const star = growth.match[i]!;
      if (star < 0) sum += missed;
      else {
        const distance2 = (field.x[star]! - x) ** 2 + (field.y[star]! - y) ** 2;
        const variance = growth.variance[i]!;
        const density = (field.countWithin(x, y, radius) + 1) / (Math.PI * radius * radius);
        const peak = share / (2 * Math.PI * variance * density);
        const ratio = Math.log(1 - share + peak * Math.exp(-distance2 / (2 * variance)));
        sum += ratio;
        gained += ratio;
        hits++;
        if (seen <= BRIGHTEST) brightHits++;
      }
      const odds = sum - (hits === 0 ? 0 : (usedUp * gained) / hits);
      if (seen >= FEWEST_COMPARED && odds > best.odds) best = { odds, compared: seen };
    }
  }
  const choices = COMPLETENESS.length * Math.max(1, seen - FEWEST_COMPARED + 1);
  return {
    log_odds: best.odds - Math.log(choices),
    matched: growth.matched,
    compared: best.compared,
    brightest_present: brightHits / Math.max(1, Math.min(BRIGHTEST, seen)),
    brightest_explained: explained(growth, flux),
    spread: spread(growth),
    rank_correlation: rankCorrelation(growth, index, flux),
    sigma_px: growth.sigma,
    // A lens model has no shear.
    stretch: 1,
  };
}

function matchedStars({ references, match }: LensGrowth): Set<number> {
  const stars = new Set<number>();
  for (let i = 0; i < references; i++) if (match[i]! >= 0) stars.add(match[i]!);
  return stars;
}

function explained(growth: LensGrowth, flux: ArrayLike<number>): number {
  const matched = matchedStars(growth);
  const order = Array.from({ length: growth.field.count }, (_, i) => i);
  const brightest = order.sort((a, b) => flux[b]! - flux[a]! || a - b).slice(0, BRIGHTEST);
  return brightest.filter((star) => matched.has(star)).length / Math.max(1, brightest.length);
}

/** Squares of the image that hold matched stars, over how many would if the matched were as many of its stars at random. */
function spread(growth: LensGrowth): number {
  const { field } = growth;
  const square = (star: number) =>
    Math.min(SQUARES - 1, Math.floor((field.x[star]! / field.width) * SQUARES)) * SQUARES +
    Math.min(SQUARES - 1, Math.floor((field.y[star]! / field.height) * SQUARES));
  const all = new Set(Array.from({ length: field.count }, (_, star) => square(star)));
  const matched = matchedStars(growth);
  const expected = all.size * (1 - (1 - 1 / Math.max(2, all.size)) ** matched.size);
  return new Set([...matched].map(square)).size / Math.max(1, expected);
}

/** Spearman's. */
function rankCorrelation(growth: LensGrowth, index: StarIndex, flux: ArrayLike<number>): number {
  const pairs: { brightness: number; magnitude: number }[] = [];
  for (let i = 0; i < growth.references; i++) {
    const star = growth.match[i]!;
    if (star >= 0) pairs.push({ brightness: flux[star]!, magnitude: index.magnitude(growth.stars[i]!) });
  }
  const count = pairs.length;
  if (count < 3) return 0;
  const sky = new Map([...pairs].sort((a, b) => a.magnitude - b.magnitude).map((pair, rank) => [pair, rank]));
  const sum = [...pairs]
    .sort((a, b) => b.brightness - a.brightness)
    .reduce((total, pair, rank) => total + (rank - sky.get(pair)!) ** 2, 0);
  return 1 - (6 * sum) / (count * (count * count - 1));
}
