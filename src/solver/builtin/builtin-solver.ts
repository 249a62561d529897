import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { EngineSolution } from '../../engine/engine.js';
import { pairsOf } from '../../engine/match-stars.js';
import { QUAD_SIZES } from '../../engine/quads.js';
import type { Attempt, SolveReport } from '../../job/result.js';
import { withInverse } from '../../wcs/sip-inverse.js';
import { pixelsToSky } from '../../wcs/tan-sip.js';
import { residuals } from '../refine/residuals.js';
import { reportHints } from '../search/report-hints.js';
import { givenList, ourStars, type StarList } from '../search/star-list.js';
import type { PlateOutcome, SolveContext, SolveRequest, Solver, SolverInfo } from '../solver.js';
import { EnginePool } from './engine-pool.js';
import { writeSolutionFiles } from './solution-folder.js';
import { listPlans, planStages, type Stage } from './stages.js';

const STARS = fileURLToPath(new URL('../../../data/stars.bin.br', import.meta.url));
const FEWEST_STARS = 7;

/** The engine of this process: its stars and threads serve every `BuiltinSolver`, and go with the process. */
const pool = new EnginePool(STARS);

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
    const [smallest, largest] = [Math.min(...QUAD_SIZES), Math.max(...QUAD_SIZES)];
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
    const lists = new Lists(request, signal);
    const report = (): SolveReport => ({
      solver: this.name,
      seconds: (performance.now() - started) / 1000,
      hints: reportHints(request),
      attempts,
    });
    for (const stage of planStages(request)) {
      const begun = performance.now();
      const record = (outcome: Attempt['outcome']) => {
        const seconds = Math.round(performance.now() - begun) / 1000;
        const attempt = { name: stage.name, reason: stage.reason, seconds, outcome };
        attempts.push(attempt);
        context.onAttempt?.(attempt);
      };
      const stars = await lists.first(stage.lists);
      if (lists.detected < FEWEST_STARS) {
        record('too_few_stars');
        const message = `Only ${lists.detected} stars were found, and ${FEWEST_STARS} are needed: expose longer, or focus`;
        return {
          kind: 'failed',
          code: 'too_few_stars',
          message,
          sources: { detected: lists.detected },
          report: report(),
          files: {},
        };
      }
      log(`[${stage.name}] ${stage.reason}; ${stars.map(({ x }) => x.length).join(', ')} stars\n`);
      const answer = await pool.solve(question(stage, stars, image, params.tweak_order), stage.sizes, signal);
      log(`[${stage.name}] ${answer.counts.quads} quads, ${answer.counts.hypotheses} hypotheses\n`);
      const list = answer.solved ? stars[answer.list] : undefined;
      if (!answer.solved || !list) {
        record('no_solution');
        continue;
      }
      record('solved');
      return solved(answer, list, lists.detected, context, report());
    }
    const message = `None of ${attempts.length} searches found a solution; is it the night sky, and is the scale right?`;
    return {
      kind: 'failed',
      code: 'no_solution',
      message,
      sources: { detected: lists.detected },
      report: report(),
      files: {},
    };
  }
}

function question(
  { bounds, depth, maxHypotheses }: Stage,
  lists: readonly StarList[],
  { width, height }: { width: number; height: number },
  order: number,
) {
  const stars = lists.map(({ x, y }) => ({ x, y }));
  return { lists: stars, width, height, bounds, order, maxHypotheses, ...(depth !== undefined && { depth }) };
}

async function solved(
  solution: EngineSolution,
  stars: StarList,
  detected: number,
  { scratch }: SolveContext,
  report: SolveReport,
): Promise<PlateOutcome> {
  const wcs = withInverse(solution.wcs);
  const matched = solution.matches.length;
  const remark = `Found and fitted by Astro Jobs to ${matched} packaged stars`;
  const files = await writeSolutionFiles(scratch, wcs, solution, stars, remark);
  const pairs = pairsOf(solution.matches, stars, solution.reference);
  const found = pixelsToSky(wcs, Float64Array.from(pairs.x), Float64Array.from(pairs.y));
  return {
    kind: 'plate',
    wcs,
    sources: { detected, matched },
    quality: { ...residuals(found, pairs), log_odds: solution.log_odds, index: 'packaged stars' },
    report,
    files,
  };
}

/** The lists of one image's stars, made when they are first asked for. */
class Lists {
  readonly #request: SolveRequest;
  readonly #signal: AbortSignal;
  readonly #made: StarList[] = [];

  constructor(request: SolveRequest, signal: AbortSignal) {
    this.#request = request;
    this.#signal = signal;
  }

  /** How many stars the first list was made of. */
  get detected(): number {
    return this.#made[0]?.detected ?? 0;
  }

  async first(count: number): Promise<StarList[]> {
    const { image } = this.#request;
    if (image.kind === 'source-list') {
      if (this.#made.length === 0) this.#made.push(await givenList(image));
      return this.#made;
    }
    for (const plan of listPlans(this.#request).slice(this.#made.length, count))
      this.#made.push(await ourStars(image, plan, this.#signal));
    return this.#made.slice(0, count);
  }
}
