import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { within } from '../../async/within.js';
import { DEFAULTS } from '../../defaults.js';
import { nowSeconds } from '../../job/status.js';
import { factsOf, type KeyFacts } from '../../keys/key.js';
import { jobsAction } from '../action.js';
import { EXIT } from '../failure.js';
import { JSON_OPTION } from '../options.js';
import { tellBoth } from '../print.js';

/** Undefined where it does not come soon: a queue of very many jobs, a database that has just gone, a folder of another machine. */
function soon<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  const late = () => new Error('late');
  return within(DEFAULTS.inspectMs, Promise.resolve(work), late).catch(() => undefined);
}

/** Undefined where they cannot be read: the store says why. */
async function keysOf({ store }: AstroJobs): Promise<KeyFacts[] | undefined> {
  const keys = await soon(store.keys?.list());
  return keys?.map((key) => factsOf(key, nowSeconds()));
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('is everything here, and what to do if not')
    .description(
      'Looks whether the solver, stars and index files, the jobs directory and the rest are in order, and says what to do ' +
        'about what is not: as a table on a terminal, and where the output goes to a program as JSON. Exit status 1 when something is missing that nothing is solved without.',
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs doctor
  $ astro-jobs doctor --quiet | jq '.fields.covered'   # image widths that can be solved, degrees`,
    )
    .action(
      jobsAction<{ jobId?: string; json?: boolean }>(async ({ jobs }, options) => {
        const checks = await import('../doctor/checks.js');
        const { checkJobs, checkWorkers, factsOfJobs } = await import('../doctor/jobs-check.js');
        const { checksInWords } = await import('../doctor/words.js');
        const { fieldsOf } = await import('../doctor/fields.js');
        const { inspectPackagedStars } = await import('../indexes/packaged-stars.js');
        const [inspection, stars] = [await jobs.inspect(), await inspectPackagedStars()];
        const answers = inspection.store.usable && inspection.queue.usable;
        const [keys, state, scratch] = await Promise.all([
          inspection.store.usable ? keysOf(jobs) : undefined,
          answers ? soon(jobs.queueState()) : undefined,
          soon(checks.checkScratch()),
        ]);
        const fields = fieldsOf(inspection.solver.indexes ?? []);
        const all = [
          checks.checkNode(),
          checks.checkSolver(inspection),
          checks.checkPackagedStars(stars, inspection),
          checks.checkIndexes(inspection, fields),
          ...checks.checkGaps(fields, inspection),
          checks.checkStore(inspection),
          checks.checkKeys(keys),
          checks.checkQueue(inspection),
          ...(answers ? [checkJobs(state), ...checkWorkers(state)] : []),
          checks.checkExtractor(inspection),
          scratch ?? checks.silentScratch(),
          checks.checkMemory(),
        ];
        const ok = all.every((check) => check.state !== 'missing');
        const queue = { ...inspection.queue, ...factsOfJobs(state) };
        tellBoth({ ok, checks: all, fields, ...inspection, queue }, checksInWords(all), options);
        return ok ? EXIT.ok : EXIT.failed;
      }),
    );
}
