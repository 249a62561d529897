// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.

import { DEG, RAD, separation } from '../../wcs/sphere.js';
import { ALL_SKY_BUDGET } from '../budgets.js';
import type { SearchCounts } from '../candidate.js';
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
import type { StarIndexSource } from '../star-index.js';
import { placeOf } from '../tangent-fit.js';
import { type GrownLens, searchPatches } from './all-sky-search.js';
import { describeModel } from './describe-model.js';
import type { Lens } from './lens.js';
import { type RefinedModel, refineModel } from './refine-model.js';

/** Fewer stars in a list make no patch that could be told from chance. */
const FEWEST_STARS = 20;
/** In look-ups. */
const HYPOTHESIS_COST = 4;
const GROWTH_COST = 5_000;
const FIT_COST = 300_000;
const SIGMA_SHARE = 1 / 2500;
/** Odds of a solution; those of chance stay below 5, those of what is true begin at some 100. */
const LEAST_LOG_ODDS = 30;
const FEWEST_MATCHED = 15;
const LEAST_RANK_CORRELATION = 0.1;
/** The matched stars reach at least so far from the axis, radians: a lens that is known about its axis only is not known. */
const LEAST_REACH = 30 * RAD;
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
  const counts: SearchCounts = { trials: 0, hypotheses: 0, verified: 0 };
  const fail = (reason: SolveFailure['reason']): SolveFailure => ({ solved: false, reason, counts });
  const given = 'x' in question.stars ? [question.stars] : question.stars;
  const kept = given.flatMap((list, number) => (list.x.length < FEWEST_STARS ? [] : { list, number }));
  if (kept.length === 0) return fail('too_few_stars');
  const request = indexRequest(question);
  const indexes = sources.flatMap((source) => source.indexes(request));
  if (indexes.length === 0) return fail('no_index');

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
  const budget = question.budget ?? ALL_SKY_BUDGET;
  let isStopped = false;
  let fits = 0;
  const shouldStop = () => {
    isStopped = question.shouldStop?.() ?? false;
    const { trials, hypotheses, verified } = counts;
    return (
      isStopped || trials + HYPOTHESIS_COST * hypotheses + GROWTH_COST * verified + FIT_COST * fits > budget
    );
  };
  let solution: SolveSuccess | undefined;
  const accept = (grown: GrownLens) => {
    const { growth, evidence, log_odds, index } = grown;
    trace?.(evidence, log_odds);
    if (log_odds < LEAST_LOG_ODDS || evidence.matched < FEWEST_MATCHED) return false;
    if (evidence.rank_correlation < LEAST_RANK_CORRELATION) return false;
    if (bounds.position && !isWithin(growth.lens, field, bounds.position)) return false;
    const { list, number } = kept[grown.list]!;
    fits++;
    const refined = refineModel(growth.lens, matchesOf(grown), list, index, {
      width,
      height,
      sigma_px: growth.sigma,
    });
    if (!refined || !isSound(refined, evidence.matched, Math.hypot(width, height))) return false;
    const { parity } = growth.lens;
    const { matches, sigma_px } = refined;
    const { wcs } = refined;
    solution = {
      solved: true,
      wcs,
      matches,
      sigma_px,
      fit: describeModel(refined),
      coverage: coverageOf({ x: matches.map(({ x }) => x), y: matches.map(({ y }) => y) }, wcs),
      log_odds,
      evidence,
      parity,
      list: number,
      index: index.name,
      counts,
    };
    return true;
  };
  const outcome = searchPatches(field, indexes, counts, shouldStop, accept);
  if (solution) return solution;
  return fail(outcome === 'stopped' && isStopped ? 'stopped' : 'exhausted');
}

function isSound({ chosen, matches, outermost }: RefinedModel, grown: number, diagonal: number): boolean {
  if (matches.length < Math.max(FEWEST_MATCHED, LEAST_KEPT * grown) || outermost < LEAST_REACH) return false;
  return chosen.held_out_px < MAX_HELD_OUT * diagonal;
}

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
