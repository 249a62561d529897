import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defaultCacheDirs } from '../../defaults.js';
import { FEWEST_STARS } from '../../engine/engine.js';
import { levelSizesFor } from '../../engine/packaged-stars.js';
import { LEVEL_SIZES_DEG } from '../../engine/quad-builder.js';
import type { SolveSuccess } from '../../engine/question.js';
import { indexRequest } from '../../engine/request.js';
import type { ErrorCode } from '../../job/error-codes.js';
import type { Attempt, SolveReport } from '../../job/result.js';
import type { StarList } from '../../stars/list.js';
import { withInverse } from '../../wcs/sip-inverse.js';
import { pixelsToSky } from '../../wcs/tan-sip.js';
import { residuals } from '../refine/residuals.js';
import { reportHints } from '../search/report-hints.js';
import type { PlateOutcome, SolveContext, SolveRequest, Solver, SolverInfo } from '../solver.js';
import { EnginePool } from './engine-pool.js';
import { FieldLists } from './field-lists.js';
import { SharedSky } from './shared-sky.js';
import { placesOf, writeSolutionFiles } from './solution-folder.js';
import { planStages, type Stage } from './stages.js';

const STARS = fileURLToPath(new URL('../../../data/stars.bin', import.meta.url));
/** The narrowest field that the packaged stars are for, as messages say it. */
const NARROWEST_DEG = 0.7;

/** The engine of this process: its stars and threads serve every `BuiltinSolver`, and go with the process. */
const pool = new EnginePool(new SharedSky(STARS, defaultCacheDirs()));

/** Finds plate solutions with the package's own engine and stars: no other program, no index files. */
export class BuiltinSolver implements Solver {
  readonly name = 'builtin';

  async inspect(): Promise<SolverInfo> {
    const available = await access(STARS).then(
      () => true,
      () => false,
    );
    if (!available)
      return {
        name: this.name,
        available,
        path: STARS,
        problem: 'The stars of the package are missing; install it again',
      };
    const [smallest, largest] = [Math.min(...LEVEL_SIZES_DEG), Math.max(...LEVEL_SIZES_DEG)];
    const stars = { path: STARS, lower_arcmin: smallest * 60, upper_arcmin: largest * 60 };
    return { name: this.name, available, path: STARS, indexes: [stars] };
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
      sources: { detected: lists.detected },
      report: report(),
      files: {},
    });
    const stages = planStages(request).filter((stage) => hasStars(stage, request));
    const [first] = stages;
    if (!first) return fail('no_index_for_scale', noStarsMessage());
    pool.prepare({ width: image.width, height: image.height, bounds: first.bounds });
    for (const stage of stages) {
      const begun = performance.now();
      const record = (outcome: Attempt['outcome']) => {
        const seconds = Math.round(performance.now() - begun) / 1000;
        const attempt = { name: stage.name, reason: stage.reason, seconds, outcome };
        attempts.push(attempt);
        context.onAttempt?.(attempt);
      };
      const stars = await lists[stage.lists]();
      if (Math.max(...stars.map(({ x }) => x.length)) < FEWEST_STARS) {
        record('too_few_stars');
        if (stage.lists === 'usual') continue;
        const found = `Only ${lists.detected} stars were found, and ${FEWEST_STARS} are needed`;
        return fail('too_few_stars', `${found}: expose longer, or focus`);
      }
      const { width, height } = image;
      const { bounds, budget } = stage;
      log(`[${stage.name}] ${stage.reason}; ${stars.map(({ x }) => x.length).join(', ')} stars\n`);
      const listed = stars.map(({ x, y, flux }) => ({ x, y, flux }));
      const question = { stars: listed, width, height, bounds, budget, order: params.tweak_order };
      const answer = await pool.solve(question, signal);
      const { trials, hypotheses, verified } = answer.counts;
      log(`[${stage.name}] ${trials} quads looked up, ${hypotheses} hypotheses, ${verified} verified\n`);
      const list = answer.solved ? stars[answer.list] : undefined;
      if (!answer.solved || !list) {
        record('no_solution');
        continue;
      }
      record('solved');
      log(`[${stage.name}] log odds ${answer.log_odds.toFixed(1)}, ${answer.matches.length} stars matched\n`);
      return solved(answer, list, lists.detected, context, report());
    }
    const message = `None of ${attempts.length} searches found a solution; is it the night sky, and is the scale right?`;
    return fail('no_solution', message);
  }
}

/** Whether there are quads that can lie in the image within a stage's bounds. */
function hasStars({ bounds }: Stage, { image: { width, height } }: SolveRequest): boolean {
  return levelSizesFor(indexRequest({ width, height, bounds })).length > 0;
}

function noStarsMessage(): string {
  return `The packaged stars are for fields from ${NARROWEST_DEG}° up; for narrower ones install astrometry.net with its index files (Debian, Ubuntu: apt-get install astrometry.net astrometry-data-tycho2)`;
}

async function solved(
  solution: SolveSuccess,
  stars: StarList,
  detected: number,
  { scratch }: SolveContext,
  report: SolveReport,
): Promise<PlateOutcome> {
  const wcs = withInverse(solution.wcs);
  const { matches } = solution;
  const remark = `Found and fitted by Astro Jobs to ${matches.length} packaged stars`;
  const files = await writeSolutionFiles(scratch, wcs, solution, stars, remark);
  const found = pixelsToSky(
    wcs,
    Float64Array.from(matches, ({ x }) => x),
    Float64Array.from(matches, ({ y }) => y),
  );
  return {
    kind: 'plate',
    wcs,
    sources: { detected, matched: matches.length },
    quality: {
      ...residuals(found, placesOf(matches)),
      log_odds: solution.log_odds,
      index: solution.index,
    },
    report,
    files,
  };
}
