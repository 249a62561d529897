import { ALL_SKY_BUDGET, FULL_BUDGET, SHORT_BUDGET } from '../engine/budgets.js';
import { Engine, fewestStars } from '../engine/engine.js';
import { type LevelTurn, levelTurns } from '../engine/level-plan.js';
import { levelSizesFor } from '../engine/packaged-stars.js';
import { levelSizes } from '../engine/quad-builder.js';
import type { SolveSuccess } from '../engine/question.js';
import { type FieldQuestion, indexRequest } from '../engine/request.js';
import type { StarList } from '../stars/list.js';
import { nextTask } from '../stars/next-task.js';
import { fieldGeometry } from '../wcs/geometry.js';
import { withInverse } from '../wcs/sip-inverse.js';
import type { Picture, PictureBounds, PlateAnswer, PlateFailure, PlateSolution } from './answer.js';
import { PictureLists } from './picture-lists.js';
import { Pixels } from './pixels.js';
import type { Report, Sky } from './sky.js';

/** One search of a picture: with which of its lists and which levels of quads, and how much is searched. */
interface Step {
  lists: 'usual' | 'all' | 'wide';
  lens: 'pinhole' | 'fisheye';
  levels: readonly number[];
  budget: number;
}

/**
 * Finds where a picture looks.
 * @throws PlateError `unreadable_image`, `stars_unavailable`; `signal.reason` between two steps
 */
export async function solvePicture(
  picture: Picture,
  { bounds = {}, order }: PictureBounds,
  sky: Sky,
  report: Report,
  signal: AbortSignal,
): Promise<PlateAnswer> {
  const stars = await sky.stars(report);
  report({ stage: 'finding_stars' });
  const pixels = await Pixels.of(picture);
  const { width, height } = pixels;
  const { count } = stars.catalog;
  const fewest = fewestStars({ width, height, bounds });
  const hasEnough = (some: readonly StarList[]) => some.some(({ x }) => x.length >= fewest);
  const lists = new PictureLists(pixels, signal);
  const usual = await lists.usual();
  const fail = (reason: PlateFailure['reason'], [list]: readonly StarList[]): PlateFailure => ({
    solved: false,
    reason,
    message: messageOf(reason, { detected: list?.detected ?? 0, fewest, starCount: count }),
    width,
    height,
    stars: list ?? { x: [], y: [], flux: [], background: [], detected: 0 },
  });
  const request = indexRequest({ width, height, bounds });
  if (levelSizesFor(request, count).length === 0) return fail('no_index', usual);
  if (!hasEnough(usual) && !hasEnough(await lists.all())) return fail('too_few_stars', usual);
  const steps = [
    ...levelTurns(request, count, sky).flatMap(stepsOf),
    ...fisheyeSteps({ width, height, bounds, lens: 'fisheye' }, count),
  ];
  for (const step of steps) {
    const searched = await lists[step.lists]();
    await sky.prepare(step.levels, report, signal);
    report({ stage: 'searching' });
    await nextTask();
    signal.throwIfAborted();
    const circle = step.lens === 'fisheye' ? lists.circle() : undefined;
    const question = {
      stars: searched,
      width,
      height,
      bounds,
      lens: step.lens,
      budget: step.budget,
      ...(order !== undefined && { order }),
      ...(circle && { circle }),
    };
    const answer = new Engine([stars]).solve(question);
    const list = answer.solved ? searched[answer.list] : undefined;
    if (answer.solved && list) return solutionOf(answer, list, width, height);
  }
  return fail('exhausted', usual);
}

function stepsOf({ needed: levels, budget }: LevelTurn): Step[] {
  const of = (usual: number, all: number): Step[] => [
    { lists: 'usual', lens: 'pinhole', levels, budget: usual },
    { lists: 'all', lens: 'pinhole', levels, budget: all },
  ];
  return Number.isFinite(budget) ? of(budget, budget) : of(SHORT_BUDGET, FULL_BUDGET);
}

/** No fisheye lens sees less along the longer side, degrees. */
const NARROWEST_FISHEYE_DEG = 60;

/** The search for a fisheye picture, unless the bounds exclude one. */
function fisheyeSteps(question: FieldQuestion, starCount: number): Step[] {
  const { width, height, bounds } = question;
  const widest_deg = ((bounds?.scale?.high ?? Number.POSITIVE_INFINITY) * Math.max(width, height)) / 3600;
  if (widest_deg < NARROWEST_FISHEYE_DEG) return [];
  const levels = levelSizesFor(indexRequest(question), starCount);
  return [{ lists: 'wide', lens: 'fisheye', levels, budget: ALL_SKY_BUDGET }];
}

function solutionOf(
  { wcs: found, matches, sigma_px, log_odds }: SolveSuccess,
  stars: StarList,
  width: number,
  height: number,
): PlateSolution {
  const wcs = withInverse(found);
  const geometry = fieldGeometry(wcs, { rowOrder: 'top-down' });
  return { solved: true, ...geometry, wcs, matches, sigma_px, log_odds, width, height, stars };
}

function messageOf(
  reason: PlateFailure['reason'],
  { detected, fewest, starCount }: { detected: number; fewest: number; starCount: number },
): string {
  if (reason === 'too_few_stars')
    return `Only ${detected} stars were found, and ${fewest} are needed: is it the night sky, sharp and exposed long enough?`;
  if (reason === 'no_index')
    return `The stars are for fields from ${Math.min(...levelSizes(starCount))}° up; the scale says that this one is narrower`;
  return `None of the ${detected} stars that were found make a pattern of the sky: is it the night sky, and at least a degree wide?`;
}
