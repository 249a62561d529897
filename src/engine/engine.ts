import { type KnownLens, knownLensOf } from '../wcs/calibration.js';
import type { Wcs } from '../wcs/wcs.js';
import { solveAllSky } from './all-sky/all-sky.js';
import type { Candidate, SearchBounds, SearchCounts } from './candidate.js';
import { Field, type StarList } from './field.js';
import { Growth } from './grow.js';
import { CERTAIN_LOG_ODDS, type Evidence, isSolution, judge, oddsAmong, type Trace } from './judge.js';
import { partsOf, ROUNDS, type Round } from './plan.js';
import type { MatchedStar, SolveAnswer, SolveFailure, SolveQuestion, SolveSuccess } from './question.js';
import { indexRequest, searchBounds } from './request.js';
import { ListSearch, MAX_DEPTH, type Outcome } from './search.js';
import type { StarIndex, StarIndexSource } from './star-index.js';
import { straightened } from './straightened.js';
import { fitTangent, matchesOf } from './tangent-fit.js';
import { viewsBetween } from './views.js';
import { type FittedSolution, fitWholeList } from './whole-fit.js';

/** Four make a quad; fewer others cannot tell it from chance. */
export const FEWEST_STARS = 7;
const DEFAULT_BUDGET = 1_800_000;
const DEFAULT_ORDER = 5;
const HYPOTHESIS_COST = 4;
/** What is searched with a known lens before it is searched without: a wrong one costs some milliseconds. */
const KNOWN_LENS_BUDGET = 20_000;
/** Stars are measured to a pixel, or in larger images to this share of the diagonal. */
const SIGMA_SHARE = 1 / 2500;

/**
 * How many of a list's first stars a match is grown over, and whether a lens may bend it: how deep the true stars go is not known, and
 * few stars cannot tell a bent image from chance. Each is for lists of more than `fewest` stars.
 */
const GROWTHS = [
  { depth: 200, isBent: true, fewest: 48 },
  { depth: 48, isBent: true, fewest: 16 },
  { depth: 16, isBent: true, fewest: 0 },
  { depth: 16, isBent: false, fewest: 0 },
] as const;

/** One list of an image with what its search needs; most searches end before they need all of it. */
class ListState {
  readonly list: StarList;
  readonly number: number;
  readonly search: ListSearch;
  readonly whole: Int32Array;
  #parts: Int32Array[] | undefined;
  #growths: Growth[] | undefined;

  constructor(list: StarList, number: number, search: ListSearch) {
    this.list = list;
    this.number = number;
    this.search = search;
    this.whole = Int32Array.from({ length: Math.min(MAX_DEPTH, search.field.count) }, (_, i) => i);
  }

  get parts(): readonly Int32Array[] {
    this.#parts ??= partsOf(this.search.field);
    return this.#parts;
  }

  get growths(): readonly Growth[] {
    const { width, height, count } = this.search.field;
    this.#growths ??= GROWTHS.filter(({ fewest }) => count > fewest).map(
      ({ depth, isBent }) => new Growth(new Field(this.list, width, height, depth), isBent),
    );
    return this.#growths;
  }
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
    const counts: SearchCounts = { trials: 0, hypotheses: 0, verified: 0 };
    const fail = (reason: SolveFailure['reason']): SolveFailure => ({ solved: false, reason, counts });
    const lists = 'x' in question.stars ? [question.stars] : question.stars;
    if (lists.every((list) => list.x.length < FEWEST_STARS)) return fail('too_few_stars');
    const request = indexRequest(question);
    const stages = this.#sources
      .map((source) => source.indexes(request))
      .filter((indexes) => indexes.length > 0);
    if (stages.length === 0) return fail('no_index');

    const known = question.calibration && knownLensOf(question.calibration, question);
    if (known) {
      const budget = Math.min(question.budget ?? DEFAULT_BUDGET, KNOWN_LENS_BUDGET);
      const straight = lists.map((list) => straightened(list, known.lens, question));
      const answer = this.#search({ ...question, budget }, lists, straight, stages, known);
      if (answer.solved || answer.reason === 'stopped') return answer;
    }
    return this.#search(question, lists, lists, stages, known);
  }

  /** @param searched the lists as a lens without distortion would have them, as far as that is known */
  #search(
    question: SolveQuestion,
    lists: readonly StarList[],
    searched: readonly StarList[],
    stages: readonly (readonly StarIndex[])[],
    known: KnownLens | undefined,
  ): SolveAnswer {
    const counts: SearchCounts = { trials: 0, hypotheses: 0, verified: 0 };
    const fail = (reason: SolveFailure['reason']): SolveFailure => ({ solved: false, reason, counts });
    const states = this.#begin(question, searched, searchBounds(question), counts);
    const budget = question.budget ?? DEFAULT_BUDGET;
    let isStopped = false;
    const shouldStop = () => {
      isStopped = question.shouldStop?.() ?? false;
      return isStopped || counts.trials + HYPOTHESIS_COST * counts.hypotheses > budget;
    };
    const order = question.order ?? DEFAULT_ORDER;
    let solution: SolveSuccess | undefined;
    for (const round of ROUNDS) {
      for (const indexes of stages) {
        for (const state of states) {
          const accept = (candidate: Candidate) => {
            const fitWhole = (tangent: Wcs, matches: readonly MatchedStar[], index: StarIndex) =>
              fitWholeList(tangent, matches, lists[state.number] ?? state.list, index, order, known);
            solution = this.#consider(candidate, state, counts, fitWhole);
            return solution !== undefined;
          };
          const outcome = searchRound(round, state, indexes, accept, shouldStop);
          if (solution) return solution;
          if (outcome === 'stopped') return fail(isStopped ? 'stopped' : 'exhausted');
        }
      }
    }
    return fail('exhausted');
  }

  #begin(
    { width, height, sigma_px }: SolveQuestion,
    lists: readonly StarList[],
    bounds: SearchBounds,
    counts: SearchCounts,
  ): ListState[] {
    const diagonal = Math.hypot(width, height);
    const sigma = sigma_px ?? Math.max(1, SIGMA_SHARE * diagonal);
    const views = viewsBetween(bounds.least, bounds.most, diagonal / 2);
    return lists.flatMap((list, number) => {
      if (list.x.length < FEWEST_STARS) return [];
      const search = new ListSearch(list, width, height, sigma, views, bounds, counts);
      return [new ListState(list, number, search)];
    });
  }

  /** Grows a candidate's match over the whole image, and makes a solution of it where it is one. */
  #consider(
    candidate: Candidate,
    state: ListState,
    counts: SearchCounts,
    fitWhole: (tangent: Wcs, matches: readonly MatchedStar[], index: StarIndex) => FittedSolution | undefined,
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
    const matches = matchesOf(growth, index);
    const tangent = fitTangent(growth.camera, matches, growth.sigma);
    const fitted = tangent && fitWhole(tangent, matches, index);
    if (!fitted) return undefined;
    const { wcs, sigma_px, report, coverage } = fitted;
    return {
      solved: true,
      wcs,
      matches: fitted.matches,
      sigma_px,
      fit: report,
      coverage,
      log_odds,
      evidence,
      parity: growth.camera.parity,
      list: number,
      index: index.name,
      counts,
    };
  }
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
