// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.

import { DEG, RAD, separation } from '../../wcs/sphere.js';
import { ALL_SKY_BUDGET, KNOWN_FISHEYE_BUDGET } from '../budgets.js';
import type { SearchCounts } from '../candidate.js';
import type { StarList } from '../field.js';
import { coverageOf } from '../fit/describe.js';
import type { Trace } from '../judge.js';
import type {
  FieldBounds,
  MatchedStar,
  SolveAnswer,
  SolveFailure,
  SolveQuestion,
  SolveSuccess,
} from '../question.js';
import { indexRequest } from '../request.js';
import type { StarIndex, StarIndexSource } from '../star-index.js';
import { placeOf } from '../tangent-fit.js';
import { type AllSkyField, type GrownLens, searchPatches } from './all-sky-search.js';
import { describeModel } from './describe-model.js';
import { type KnownFisheye, knownFisheyeOf } from './known-fisheye.js';
import type { Lens } from './lens.js';
import { type RefinedModel, type RefineOptions, refineModel } from './refine-model.js';

/** Fewer stars in a list make no patch that could be told from chance. */
const FEWEST_STARS = 20;
/** In look-ups. */
const HYPOTHESIS_COST = 4;
const GROWTH_COST = 5_000;
const FIT_COST = 300_000;
const SIGMA_SHARE = 1 / 2500;
/**
 * Of a solution: odds (those of chance stay below 5, those of what is true begin at some 100), matched stars, and how far they reach at least from the
 * axis, radians: a lens that is known about its axis only is not known.
 */
const LEAST = { log_odds: 30, matched: 15, reach: 30 * RAD } as const;
/** The same with a lens that other images have shown. */
const LEAST_KNOWN = { log_odds: 20, matched: 10, reach: 0 } as const;
/** A growth may settle on one part of the sky: what is not good to its edge is looked for again with so much, and gives way to odds so much better. */
const SECOND_LOOK = 200_000;
const BETTER = 1.2;
/** Stars are as well placed as those that have shown a lens when they are off by no more than this times as much. */
const AS_WELL = 1.5;
const LEAST_RANK_CORRELATION = 0.1;
/** Of the grown match's stars the final fit must keep this share. */
const LEAST_KEPT = 0.6;
/** Root mean square at stars that took no part, diagonals of the image. */
const MAX_HELD_OUT = 0.003;

/**
 * Solves an image of a fisheye lens, up to 180° wide and beyond: finds a patch of it, grows a model of the lens from there, and fits one of the
 * projections of FITS. Of the question's bounds the scale is that on the optical axis.
 */
export function solveAllSky(
  sources: readonly StarIndexSource[],
  question: SolveQuestion,
  trace?: Trace,
): SolveAnswer {
  const { width, height, bounds = {} } = question;
  const fail = (reason: SolveFailure['reason']): SolveFailure => ({
    solved: false,
    reason,
    counts: noCounts(),
  });
  const given = 'x' in question.stars ? [question.stars] : question.stars;
  const kept = given.flatMap((list, number) => (list.x.length < FEWEST_STARS ? [] : { list, number }));
  if (kept.length === 0) return fail('too_few_stars');
  const request = indexRequest(question);
  const indexes = sources.flatMap((source) => source.indexes(request));
  if (indexes.length === 0) return fail('no_index');

  const known = question.calibration && knownFisheyeOf(question.calibration, question);
  const field = {
    lists: kept.map(({ list }) => list),
    width,
    height,
    sigma_px: question.sigma_px ?? Math.max(1, SIGMA_SHARE * Math.hypot(width, height)),
    ...(bounds.parity && { parity: bounds.parity }),
    ...(bounds.scale && {
      focal: { least: (DEG * 3600) / bounds.scale.high, most: (DEG * 3600) / bounds.scale.low },
    }),
  };
  const common = { question, field, kept, indexes, trace };
  const budget = question.budget ?? ALL_SKY_BUDGET;
  if (known) {
    const guided = new FisheyeSearch({ ...common, known }, Math.min(budget, KNOWN_FISHEYE_BUDGET));
    const answer = guided.run();
    if (answer.solved || answer.reason === 'stopped' || budget <= KNOWN_FISHEYE_BUDGET) return answer;
  }
  return new FisheyeSearch(common, budget).run();
}

interface FisheyeSearchOptions {
  question: SolveQuestion;
  field: AllSkyField;
  /** The field's lists with their numbers in the question. */
  kept: readonly { list: StarList; number: number }[];
  indexes: readonly StarIndex[];
  trace: Trace | undefined;
  /** The lens, where other images have shown it. */
  known?: KnownFisheye;
}

/** One search, with a known lens or without. */
class FisheyeSearch {
  readonly #options: FisheyeSearchOptions;
  readonly #least: typeof LEAST | typeof LEAST_KNOWN;
  readonly #counts = noCounts();
  #budget: number;
  #fits = 0;
  #isStopped = false;
  #solution: SolveSuccess | undefined;

  constructor(options: FisheyeSearchOptions, budget: number) {
    this.#options = options;
    this.#least = options.known ? LEAST_KNOWN : LEAST;
    this.#budget = budget;
  }

  run(): SolveAnswer {
    const { question, field, indexes, known } = this.#options;
    const searched = known ? { ...field, known: known.lens } : field;
    const shouldStop = () => {
      this.#isStopped = question.shouldStop?.() ?? false;
      return this.#isStopped || this.#spent > this.#budget;
    };
    const outcome = searchPatches(searched, indexes, this.#counts, shouldStop, (grown) =>
      this.#consider(grown),
    );
    if (this.#solution) return this.#solution;
    const reason = outcome === 'stopped' && this.#isStopped ? 'stopped' : 'exhausted';
    return { solved: false, reason, counts: this.#counts };
  }

  get #spent(): number {
    const { trials, hypotheses, verified } = this.#counts;
    return trials + HYPOTHESIS_COST * hypotheses + GROWTH_COST * verified + FIT_COST * this.#fits;
  }

  /** Makes a solution of a grown match where it is one, and better than the one that is there; whether the search is over. */
  #consider(grown: GrownLens): boolean {
    const { growth, evidence, log_odds, index } = grown;
    const { question, field, kept, trace, known } = this.#options;
    trace?.(evidence, log_odds);
    const before = this.#solution;
    const { position } = question.bounds ?? {};
    const least = before ? BETTER * before.log_odds : this.#least.log_odds;
    if (log_odds < least || evidence.matched < this.#least.matched) return false;
    if (evidence.rank_correlation < LEAST_RANK_CORRELATION) return false;
    if (position && !isWithin(growth.lens, field, position)) return false;
    const { list, number } = kept[grown.list]!;
    this.#fits++;
    const { width, height } = field;
    const refined = refine(
      grown,
      list,
      { width, height, sigma_px: growth.sigma, circle: question.circle },
      known,
    );
    if (!refined || !this.#isSound(refined, evidence.matched)) return false;
    const { matches, sigma_px, wcs } = refined;
    if (before && matches.length <= before.matches.length) return false;
    this.#budget = Math.min(this.#budget, this.#spent + SECOND_LOOK);
    const coverage = coverageOf({ x: matches.map(({ x }) => x), y: matches.map(({ y }) => y) }, wcs);
    this.#solution = {
      solved: true,
      wcs,
      matches,
      sigma_px,
      fit: describeModel(refined, coverage, question.circle),
      coverage,
      log_odds,
      evidence,
      parity: growth.lens.parity,
      list: number,
      index: index.name,
      counts: this.#counts,
    };
    return this.#solution.fit.good_to_corners;
  }

  #isSound({ chosen, matches, outermost }: RefinedModel, grown: number): boolean {
    const { width, height } = this.#options.field;
    const { matched, reach } = this.#least;
    if (matches.length < Math.max(matched, LEAST_KEPT * grown) || outermost < reach) return false;
    return chosen.held_out_px < MAX_HELD_OUT * Math.hypot(width, height);
  }
}

/** The lens as it is known, where the stars are as well placed as those that have shown it; otherwise the better of that and a fit of their own. */
function refine(
  grown: GrownLens,
  list: StarList,
  options: RefineOptions,
  known: KnownFisheye | undefined,
): RefinedModel | undefined {
  const refined = (more: Partial<RefineOptions>) =>
    refineModel(grown.growth.lens, matchesOf(grown), list, grown.index, { ...options, ...more });
  const guided = known && refined({ known, circle: options.circle ?? known.circle });
  if (guided && guided.chosen.held_out_px <= AS_WELL * known.rms_px) return guided;
  const own = refined({});
  return guided && !(own && own.chosen.held_out_px < guided.chosen.held_out_px) ? guided : own;
}

const noCounts = (): SearchCounts => ({ trials: 0, hypotheses: 0, verified: 0 });

/** Whether the middle of the image looks into a circle on the sky. */
function isWithin(
  lens: Lens,
  { width, height }: { width: number; height: number },
  { ra_deg, dec_deg, radius_deg }: NonNullable<FieldBounds['position']>,
): boolean {
  const direction = new Float64Array(3);
  if (!lens.direction((width + 1) / 2, (height + 1) / 2, direction)) return false;
  return separation(...placeOf(direction), ra_deg, dec_deg) <= radius_deg;
}

function matchesOf({ growth, index }: GrownLens): MatchedStar[] {
  const direction = new Float64Array(3);
  return Array.from(growth.match.subarray(0, growth.references)).flatMap((star, i) => {
    if (star < 0) return [];
    const id = growth.stars[i]!;
    index.direction(id, direction, 0);
    const [ra_deg, dec_deg] = placeOf(direction);
    const { x, y } = growth.field;
    return { star, x: x[star]!, y: y[star]!, ra_deg, dec_deg, magnitude: index.magnitude(id), id };
  });
}
