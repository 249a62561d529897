// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { Field, StarList } from './field.js';
import { logRatio } from './local-check.js';
import type { StarIndex } from './star-index.js';

/** What is known of a grown match, and what the decision is made on. */
export interface Evidence {
  /** Natural logarithm of the likelihood ratio of the match and chance, without the quad's stars and what the fit used up. */
  log_odds: number;
  /** Stars of the image that have one of the catalogue. */
  matched: number;
  /** The brightest catalogue stars in the image that the odds are of. */
  compared: number;
  /** Share of the brightest catalogue stars in the image that it shows. */
  brightest_present: number;
  /** Share of the image's brightest stars that are the catalogue's. */
  brightest_explained: number;
  /** Squares of the image that hold matched stars, over how many would if the matched were as many of its stars at random. */
  spread: number;
  /** Spearman's rank correlation of the brightness in the image and in the catalogue. */
  rank_correlation: number;
  /** Standard deviation of a star's place along one axis, pixels. */
  sigma_px: number;
  /** How much longer than wide the fit makes a square. */
  stretch: number;
}

/** A match over the whole image, however it was grown. */
export interface GrownMatch {
  readonly field: Field;
  /** How many of the references are the quad's own stars: the first ones. */
  readonly quadStars: number;
  /** Stars of the catalogue: the quad's, then others by falling brightness. */
  readonly references: number;
  readonly stars: Int32Array;
  /** Where they are predicted, and the variance of that along one axis, pixels; x is NaN outside the image. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly variance: Float64Array;
  /** The star of the image that each is, or −1. */
  readonly match: Int32Array;
  readonly matched: number;
  /** Standard deviation of a star's place along one axis, pixels. */
  readonly sigma: number;
  /** Numbers that the fit took from the matches along one axis. */
  readonly determined: number;
  readonly stretch: number;
}

/** How matches of one kind are weighed. */
export interface Weighing {
  /** Shares of the sky's stars that an image may show; the one that speaks most is taken. */
  completeness: readonly number[];
  /** At most so many catalogue stars are compared, and no fewer than so many say anything. */
  most: number;
  fewest: number;
  /** Stars that are looked at one by one as the brightest. */
  brightest: number;
  /** Stars are as dense about a place as within this share of the diagonal. */
  neighbourhood: number;
  /** The image is divided into as many squares along each side to see how far a match spreads. */
  squares: number;
}

/**
 * Reckons what speaks for a grown match: the likelihood ratio against stars that are strewn as the image's are. How faint they are, and how
 * many of the sky's are hidden, is not known: the odds are those of the brightest n catalogue stars, for the n and the completeness that speak most, less
 * the logarithm of the number of choices.
 */
export function weigh(grown: GrownMatch, index: StarIndex, list: StarList, how: Weighing): Evidence {
  const { field } = grown;
  // The fit chose its numbers so that stars agree: each pair gives one along each axis, and the quad's own are not counted.
  const usedUp = Math.max(0, grown.determined - grown.quadStars);
  let best = { odds: Number.NEGATIVE_INFINITY, compared: 0 };
  let [seen, brightHits] = [0, 0];
  for (const share of how.completeness) {
    const missed = Math.log(1 - share);
    let [sum, gained, hits] = [0, 0, 0];
    [seen, brightHits] = [0, 0];
    for (let i = grown.quadStars; i < grown.references && seen < how.most; i++) {
      const [x, y] = [grown.x[i]!, grown.y[i]!];
      if (Number.isNaN(x)) continue;
      const star = grown.match[i]!;
      seen++;
      if (star < 0) sum += missed;
      else {
        const distance2 = (field.x[star]! - x) ** 2 + (field.y[star]! - y) ** 2;
        const density = densityAbout(field, x, y, how.neighbourhood);
        const ratio = logRatio(distance2, grown.variance[i]!, density, share);
        sum += ratio;
        gained += ratio;
        hits++;
        if (seen <= how.brightest) brightHits++;
      }
      const odds = sum - (hits === 0 ? 0 : (usedUp * gained) / hits);
      if (seen >= how.fewest && odds > best.odds) best = { odds, compared: seen };
    }
  }
  const choices = how.completeness.length * Math.max(1, seen - how.fewest + 1);
  return {
    log_odds: best.odds - Math.log(choices),
    matched: grown.matched,
    compared: best.compared,
    brightest_present: brightHits / Math.max(1, Math.min(how.brightest, seen)),
    brightest_explained: explained(grown, list, how.brightest),
    spread: spread(grown, how.squares),
    rank_correlation: rankCorrelation(grown, index, list),
    sigma_px: grown.sigma,
    stretch: grown.stretch,
  };
}

function densityAbout(field: Field, x: number, y: number, share: number): number {
  const radius = share * Math.hypot(field.width, field.height);
  const across = Math.min(field.width, x + radius) - Math.max(0, x - radius);
  const down = Math.min(field.height, y + radius) - Math.max(0, y - radius);
  return (field.countWithin(x, y, radius) + 1) / ((Math.PI / 4) * across * down);
}

function matchedStars({ references, match }: GrownMatch): Set<number> {
  return new Set(match.subarray(0, references).filter((star) => star >= 0));
}

function explained(grown: GrownMatch, { flux }: StarList, most: number): number {
  const matched = matchedStars(grown);
  const order = Array.from({ length: grown.field.count }, (_, i) => i);
  const byFlux = flux ? order.sort((a, b) => flux[b]! - flux[a]! || a - b) : order;
  const brightest = byFlux.slice(0, most);
  return brightest.filter((star) => matched.has(star)).length / Math.max(1, brightest.length);
}

function spread(grown: GrownMatch, squares: number): number {
  const { field } = grown;
  const along = (at: number, side: number) => Math.min(squares - 1, Math.floor((at / side) * squares));
  const square = (star: number) =>
    along(field.x[star]!, field.width) * squares + along(field.y[star]!, field.height);
  const all = new Set(Array.from({ length: field.count }, (_, star) => square(star)));
  const matched = matchedStars(grown);
  const expected = all.size * (1 - (1 - 1 / Math.max(2, all.size)) ** matched.size);
  return new Set([...matched].map(square)).size / Math.max(1, expected);
}

function rankCorrelation(
  { references, match, stars }: GrownMatch,
  index: StarIndex,
  { flux }: StarList,
): number {
  const pairs: { brightness: number; magnitude: number }[] = [];
  for (let i = 0; i < references; i++) {
    const star = match[i]!;
    if (star >= 0)
      pairs.push({ brightness: flux ? flux[star]! : -star, magnitude: index.magnitude(stars[i]!) });
  }
  const count = pairs.length;
  if (count < 3) return 0;
  const sky = new Map([...pairs].sort((a, b) => a.magnitude - b.magnitude).map((pair, rank) => [pair, rank]));
  const sum = [...pairs]
    .sort((a, b) => b.brightness - a.brightness)
    .reduce((total, pair, rank) => total + (rank - sky.get(pair)!) ** 2, 0);
  return 1 - (6 * sum) / (count * (count * count - 1));
}
