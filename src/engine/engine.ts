import { knownLensOf } from '../wcs/calibration.js';
import { solveAllSky } from './all-sky/all-sky.js';
import type { Candidate, SearchBounds, SearchCounts } from './candidate.js';
import type { Evidence } from './evidence.js';
import { FEWEST_OF_FEW, isForFew, isSolutionOfFew, matchFew } from './few-stars.js';
import type { StarList } from './field.js';
import type { Growth } from './grow.js';
import { CERTAIN_LOG_ODDS, isSolution, judge, oddsAmong, type Trace } from './judge.js';
import { ListState } from './list-state.js';
import { ROUNDS, type Round } from './plan.js';
import type { SolveAnswer, SolveFailure, SolveQuestion, SolveSuccess } from './question.js';
import { type FieldQuestion, indexRequest, searchBounds } from './request.js';
import { ListSearch, type Outcome } from './search.js';
import { type FittedLens, solutionOf } from './solution.js';
import type { StarIndex, StarIndexSource } from './star-index.js';
import { straightened } from './straightened.js';
import { viewsBetween } from './views.js';

/** Four make a quad; fewer others cannot tell it from chance. */
const FEWEST_STARS = 7;

/** An image with fewer stars than this cannot be solved within such bounds. */
export function fewestStars(question: FieldQuestion): number {
  return isForFew(searchBounds(question)) ? FEWEST_OF_FEW : FEWEST_STARS;
}

const DEFAULT_BUDGET = 1_800_000;
const DEFAULT_ORDER = 5;
const HYPOTHESIS_COST = 4;
/** What is searched with a known lens before it is searched without: a wrong one costs some milliseconds. */
const KNOWN_LENS_BUDGET = 20_000;
/** Stars are measured to a pixel, or in larger images to this share of the diagonal. */
const SIGMA_SHARE = 1 / 2500;

/** One search with what it is made of. */
interface Search {
  question: SolveQuestion;
  bounds: SearchBounds;
  /** As they stand in the image. */
  lists: readonly StarList[];
  /** The same as a lens without distortion would have them, as far as that is known. */
  searched: readonly StarList[];
  /** Of each source. */
  stages: readonly (readonly StarIndex[])[];
  lens: FittedLens;
  counts: SearchCounts;
}

/** Finds where an image points from its stars: plate solving in memory, without files, processes or clocks. */
export class Engine {
  readonly #sources: readonly StarIndexSource[];
  readonly #trace: Trace | undefined;

  /** @param sources of stars and quads; in each round of a search the first is searched first */
  constructor(sources: readonly StarIndexSource[], trace?: Trace) {
    this.#sources = sources;
    this.#trace = trace;
  }

  /**
   * Solves one image, synchronously: in a page or a server it belongs into a worker. The answer depends on the question and the indexes
   * only, unless `shouldStop` ends the search.
   */
  solve(question: SolveQuestion): SolveAnswer {
    if (question.lens === 'fisheye') return solveAllSky(this.#sources, question, this.#trace);
    const fail = (reason: SolveFailure['reason']): SolveFailure => ({
      solved: false,
      reason,
      counts: noCounts(),
    });
    const lists = 'x' in question.stars ? [question.stars] : question.stars;
    const fewest = fewestStars(question);
    if (lists.every((list) => list.x.length < fewest)) return fail('too_few_stars');
    const request = indexRequest(question);
    const stages = this.#sources
      .map((source) => source.indexes(request))
      .filter((indexes) => indexes.length > 0);
    if (stages.length === 0) return fail('no_index');

    const known = question.calibration && knownLensOf(question.calibration, question);
    const lens: FittedLens = { order: question.order ?? DEFAULT_ORDER, ...(known && { known }) };
    const common = { question, bounds: searchBounds(question), lists, stages, lens };
    if (known) {
      const budget = Math.min(question.budget ?? DEFAULT_BUDGET, KNOWN_LENS_BUDGET);
      const searched = lists.map((list) => straightened(list, known.lens, question));
      const answer = this.#search({ ...common, searched, counts: noCounts() }, budget);
      if (answer.solved || answer.reason === 'stopped') return answer;
    }
    return this.#search(
      { ...common, searched: lists, counts: noCounts() },
      question.budget ?? DEFAULT_BUDGET,
    );
  }

  #search(search: Search, budget: number): SolveAnswer {
    const { question, bounds, stages, counts } = search;
    const fail = (reason: SolveFailure['reason']): SolveFailure => ({ solved: false, reason, counts });
    const states = begin(search);
    let isStopped = false;
    const shouldStop = () => {
      isStopped = question.shouldStop?.() ?? false;
      return isStopped || counts.trials + HYPOTHESIS_COST * counts.hypotheses > budget;
    };
    let solution: SolveSuccess | undefined;
    for (const round of ROUNDS) {
      for (const indexes of stages) {
        for (const state of states) {
          const accept = (candidate: Candidate) => {
            solution = this.#consider(candidate, state, search);
            return solution !== undefined;
          };
          const outcome = searchRound(round, state, indexes, accept, shouldStop);
          if (solution) return solution;
          if (outcome === 'stopped') return fail(isStopped ? 'stopped' : 'exhausted');
        }
      }
    }
    if (isForFew(bounds)) solution = this.#solveFew(search, shouldStop);
    return solution ?? fail(isStopped ? 'stopped' : 'exhausted');
  }

  /** What no quad finds, of lists with few stars. */
  #solveFew(
    { question, bounds, lists, searched, stages, lens, counts }: Search,
    shouldStop: () => boolean,
  ): SolveSuccess | undefined {
    const { width, height } = question;
    const size = { width, height, sigma_px: sigmaOf(question) };
    for (const [index] of stages) {
      if (!index) continue;
      for (const [number, straight] of searched.entries()) {
        const few = matchFew(straight, size, index, bounds, counts, shouldStop);
        if (!few) continue;
        const { match, evidence, log_odds } = few;
        this.#trace?.(evidence, log_odds);
        if (!isSolutionOfFew(few)) continue;
        const list = lists[number] ?? straight;
        const found = { match, evidence, log_odds, index, list, number, measured_px: size.sigma_px, counts };
        const solution = solutionOf(found, lens);
        if (solution) return solution;
      }
    }
    return undefined;
  }

  /** Grows a candidate's match over the whole image, and makes a solution of it where it is one. */
  #consider(
    candidate: Candidate,
    state: ListState,
    { question, lists, counts, lens }: Search,
  ): SolveSuccess | undefined {
    const { growths, list, number } = state;
    const { index, members } = candidate;
    const faintest = Math.max(...members);
    let best: { growth: Growth; evidence: Evidence } | undefined;
    for (const growth of growths) {
      if (faintest >= growth.field.count) continue;
      growth.from(candidate);
      const evidence = judge(growth, index, list);
      if (!best || evidence.log_odds > best.evidence.log_odds) best = { growth, evidence };
      if (oddsAmong(evidence, counts.hypotheses) > CERTAIN_LOG_ODDS) break;
    }
    if (!best) return undefined;
    const { growth, evidence } = best;
    evidence.log_odds -= Math.log(growths.length);
    const log_odds = oddsAmong(evidence, counts.hypotheses);
    this.#trace?.(evidence, log_odds);
    if (!isSolution(evidence, counts.hypotheses)) return undefined;
    const found = {
      ...{ match: growth, evidence, log_odds, index, list: lists[number] ?? list, number, counts },
      measured_px: sigmaOf(question),
    };
    return solutionOf(found, lens);
  }
}

function begin({ question, bounds, searched, counts }: Search): ListState[] {
  const { width, height } = question;
  const views = viewsBetween(bounds.least, bounds.most, Math.hypot(width, height) / 2);
  return searched.flatMap((list, number) => {
    if (list.x.length < FEWEST_STARS) return [];
    const search = new ListSearch(list, width, height, sigmaOf(question), views, bounds, counts);
    return [new ListState(list, number, search)];
  });
}

const noCounts = (): SearchCounts => ({ trials: 0, hypotheses: 0, verified: 0 });

function sigmaOf({ width, height, sigma_px }: SolveQuestion): number {
  return sigma_px ?? Math.max(1, SIGMA_SHARE * Math.hypot(width, height));
}

function searchRound(
  { stars, from, to, tolerance }: Round,
  { search, whole, parts }: ListState,
  indexes: readonly StarIndex[],
  accept: (candidate: Candidate) => boolean,
  shouldStop: () => boolean,
): Outcome {
  for (const subset of stars === 'whole' ? [whole] : parts) {
    if (subset.length <= from) continue;
    search.use(subset);
    const outcome = search.run(indexes, from, to, tolerance, accept, shouldStop);
    if (outcome !== 'exhausted') return outcome;
  }
  return 'exhausted';
}
