import { basename } from 'node:path';
import { defaultIndexDirs } from '../../defaults.js';
import { FULL_BUDGET } from '../../engine/budgets.js';
import { fewestStars } from '../../engine/engine.js';
import { FEWEST_OF_FEW } from '../../engine/few-stars.js';
import { levelSizes } from '../../engine/quad-builder.js';
import type { FieldBounds, SolveSuccess } from '../../engine/question.js';
import type { ErrorCode } from '../../job/error-codes.js';
import type { Attempt, SolveReport } from '../../job/solve-report.js';
import { withInverse } from '../../wcs/sip-inverse.js';
import { pixelsToSky } from '../../wcs/tan-sip.js';
import { residuals } from '../refine/residuals.js';
import { highestOrder } from '../search/highest-order.js';
import { refusal, type Searched } from '../search/refusal.js';
import { reportHints } from '../search/report-hints.js';
import { pixelScale } from '../search/respects-bounds.js';
import { trailedQuality } from '../search/trailed.js';
import type { PlateOutcome, SolveContext, SolveRequest, Solver, SolverInfo } from '../solver.js';
import { asAsked, FieldLists } from './field-lists.js';
import { type Found, finerFit } from './finer-fit.js';
import type { EngineQuestion } from './messages.js';
import { ownStarFile, packagedStarFile } from './packaged-star-file.js';
import { respectsWidth } from './respects-width.js';
import { fieldsOf, NARROWEST_DEG } from './searched-fields.js';
import { placesOf, solutionFiles } from './solution-files.js';
import { mayBeFisheye } from './stages.js';
import { coveredStages, filesFor, narrowIndexFiles, type StarsAtHand } from './stars-at-hand.js';
import { pool } from './this-process.js';

/** Where the package's own engine finds stars and index files. */
export interface BuiltinSolverOptions {
  /** Folders with index files besides those of solve-field's configuration. @default process.env.ASTRO_INDEX_DIRS */
  indexDirs?: readonly string[];
}

/**
 * Finds plate solutions with the package's own engine and stars, and no other program. For fields that are narrower than the packaged
 * stars are for, astrometry.net's index files are searched where there are some.
 */
export class BuiltinSolver implements Solver {
  readonly name = 'builtin';
  readonly #indexDirs: readonly string[];

  constructor(options: BuiltinSolverOptions = {}) {
    this.#indexDirs = options.indexDirs ?? defaultIndexDirs();
  }

  async inspect(): Promise<SolverInfo> {
    try {
      const { path, count } = packagedStarFile();
      const sizes = levelSizes(count);
      const stars = {
        path,
        lower_arcmin: Math.min(...sizes) * 60,
        upper_arcmin: Math.max(...sizes) * 60,
      };
      const files = await narrowIndexFiles(this.#indexDirs);
      return { name: this.name, available: true, path, indexes: [stars, ...files] };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        name: this.name,
        available: false,
        path: ownStarFile(),
        problem: `The stars of the package cannot be used (${why}); install it again`,
      };
    }
  }

  prepare(): void {
    pool.prepare();
  }

  async solve(request: SolveRequest, context: SolveContext): Promise<PlateOutcome> {
    const started = performance.now();
    const { image, params } = request;
    const { signal, log } = context;
    signal.throwIfAborted();
    context.onProgress({ stage: 'solving' });
    const attempts: Attempt[] = [];
    const lists = new FieldLists(request, signal);
    const report = (): SolveReport => ({
      solver: this.name,
      seconds: (performance.now() - started) / 1000,
      hints: reportHints(request),
      attempts,
    });
    const fail = (code: ErrorCode, message: string): PlateOutcome => ({
      kind: 'failed',
      code,
      message,
      ...(lists.detected !== undefined && { sources: { detected: lists.detected } }),
      report: report(),
      files: {},
    });
    const hand: StarsAtHand = {
      count: packagedStarFile().count,
      files: await narrowIndexFiles(this.#indexDirs),
    };
    const stages = coveredStages(request, hand);
    const [first] = stages;
    if (!first) return fail('no_index_for_scale', noStarsMessage());
    pool.prepare({ width: image.width, height: image.height, bounds: first.bounds, lens: first.lens });
    const fewest = Math.min(
      ...stages.map(({ bounds }) => fewestStars({ width: image.width, height: image.height, bounds })),
    );
    const searched = (): Searched => ({
      detected: lists.detected,
      fewest,
      fewestHinted: FEWEST_OF_FEW,
      trail: lists.trail,
      isNegative: lists.isNegative,
      ...fieldsOf(request, hand, isFisheyeTried),
    });
    let isFisheyeTried = false;
    // The middle of a fisheye image agrees with a pinhole camera's.
    let doubtful: Found | undefined;
    for (const stage of stages) {
      if (doubtful && stage.lens === 'pinhole') continue;
      const begun = performance.now();
      const record = (outcome: Attempt['outcome']) => {
        const seconds = Math.round(performance.now() - begun) / 1000;
        const attempt = { name: stage.name, reason: stage.reason, seconds, outcome };
        attempts.push(attempt);
        context.onAttempt?.(attempt);
      };
      const stars = await lists[stage.lists]();
      if (Math.max(...stars.map(({ x }) => x.length)) < fewest) {
        record('too_few_stars');
        if (doubtful || stage.lists === 'usual' || stage.lists === 'wide-usual') continue;
        return fail(...refusal(searched()));
      }
      const { width, height } = image;
      const { bounds, lens, budget } = stage;
      const counts = stars.map(({ x }) => x.length).join(', ');
      log(`[${stage.name}] ${stage.reason}; ${boundsText(bounds)}; ${counts} stars\n`);
      const circle = lens === 'fisheye' ? await lists.circle() : undefined;
      const question: EngineQuestion = {
        stars: asAsked(stars),
        ...{ width, height, bounds, lens, budget },
        order: highestOrder(request),
        ...(circle && { circle }),
        ...(request.hints.lens && { calibration: request.hints.lens.calibration }),
      };
      const paths = stage.files === 'none' ? [] : filesFor(stage, image, hand).map(({ path }) => path);
      const ask = (asked: EngineQuestion) =>
        pool.solve(
          {
            question: asked,
            files: paths,
            log: (line) => log(`[${stage.name}] ${line}\n`),
          },
          signal,
        );
      const answer = await ask(question);
      const { trials, hypotheses, verified } = answer.counts;
      log(`[${stage.name}] ${trials} quads looked up, ${hypotheses} hypotheses, ${verified} verified\n`);
      const list = answer.solved ? stars[answer.list] : undefined;
      const isAllowed = !answer.solved || lens === 'pinhole' || respectsWidth(answer.wcs, params);
      if (!answer.solved || !list || !isAllowed) {
        const isShort = !answer.solved && answer.reason === 'too_few_stars';
        record(isShort ? 'too_few_stars' : 'no_solution');
        isFisheyeTried ||= lens === 'fisheye' && !isShort;
        continue;
      }
      record('solved');
      log(`[${stage.name}] log odds ${answer.log_odds.toFixed(1)}, ${answer.matches.length} stars matched\n`);
      const found =
        lens === 'fisheye' ? { answer, list } : await finerFit({ answer, list }, lists, question, ask);
      if (lens === 'pinhole' && isDoubtful(found.answer)) doubtful = found;
      else return solved(likelier(found, doubtful), report());
    }
    if (doubtful) return solved(doubtful, report());
    if (stages.every(({ budget }) => budget < FULL_BUDGET))
      return fail('no_index_for_scale', noStarsMessage());
    return fail(...refusal(searched()));
  }
}

/** Whether a pinhole camera's solution may be that of the middle of a fisheye image. */
function isDoubtful({ wcs, fit }: SolveSuccess): boolean {
  return !fit.good_to_corners && mayBeFisheye(pixelScale(wcs), wcs);
}

function likelier(found: Found, other: Found | undefined): Found {
  return other && other.answer.log_odds > found.answer.log_odds ? other : found;
}

/** Bounds for a person. */
function boundsText({ scale, position, parity }: FieldBounds): string {
  const parts = [
    scale && `${scale.low.toPrecision(4)} to ${scale.high.toPrecision(4)} arcseconds a pixel`,
    position &&
      `within ${position.radius_deg.toPrecision(3)}° of ${position.ra_deg.toFixed(3)}, ${position.dec_deg.toFixed(3)}`,
    parity && `parity ${parity}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'without bounds';
}

function noStarsMessage(): string {
  return `The packaged stars are for fields from ${NARROWEST_DEG}° up; for narrower ones install index files (Debian, Ubuntu: apt-get install astrometry-data-tycho2); \`astro-jobs indexes recommend\` says which`;
}

function solved({ answer: solution, list: stars }: Found, report: SolveReport): PlateOutcome {
  const wcs = withInverse(solution.wcs);
  const { matches } = solution;
  const index = basename(solution.index);
  const remark = `Found and fitted by Astro Jobs to ${matches.length} stars of ${index}`;
  const files = solutionFiles(wcs, solution, stars, remark);
  const found = pixelsToSky(
    wcs,
    Float64Array.from(matches, ({ x }) => x),
    Float64Array.from(matches, ({ y }) => y),
  );
  return {
    kind: 'plate',
    wcs,
    sources: { detected: stars.detected, matched: matches.length },
    stars: placesOf(matches),
    quality: {
      ...residuals(found, placesOf(matches)),
      log_odds: solution.log_odds,
      index,
      coverage: solution.coverage,
      ...trailedQuality(stars.trail, wcs),
    },
    report: { ...report, fit: solution.fit },
    files,
  };
}
