import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { AstroJobsError } from '../../job/errors.js';
import { jobsAction } from '../action.js';
import { printDocument } from '../print.js';

/** @throws AstroJobsError where what is remembered is not beside the jobs */
export function needMemory(jobs: AstroJobs): void {
  if (jobs.store.capabilities.dir === undefined)
    throw new AstroJobsError(
      'invalid_params',
      'Jobs in a database have no memory beside them: each worker remembers for itself until it ends; restart the workers',
    );
}

export function addForget(program: Command): void {
  program
    .command('forget')
    .summary('forget what was learned of cameras')
    .description(
      'Forgets the last scale and lens of each camera and the last position of each sequence, which are the first guesses for the ' +
        'next image of the same camera; prints {"ok": true, "forgotten": n}. Jobs and results stay as they are.',
    )
    .addHelpText(
      'after',
      `
Examples, the second for a worker that remembers nothing from its start:
  $ astro-jobs forget
  $ ASTRO_JOBS_MEMORY=off astro-jobs worker`,
    )
    .action(
      jobsAction<{ jobId?: string }>(async ({ jobs }) => {
        needMemory(jobs);
        printDocument({ ok: true, forgotten: await jobs.cameras.forget() });
        return undefined;
      }),
    );
}
