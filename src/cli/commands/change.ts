import { type Command, Option } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import { jobsAction } from '../action.js';
import { jobAction, ofJob } from '../job-id.js';
import { collect, parseAge } from '../options.js';
import { printDocument } from '../print.js';
import { addParams, paramsOf } from './submission.js';

export function addCancel(program: Command): void {
  ofJob(program.command('cancel'))
    .summary('end a job and all that it started')
    .description('Ends a job, whoever runs it, with everything that it started; prints its last status.')
    .addHelpText('after', '\nExample:\n  $ astro-jobs cancel 1f0c')
    .action(
      jobAction(async ({ jobs, id }) => {
        printDocument({ ok: true, ...(await jobs.cancel(id)) });
        return undefined;
      }),
    );
}

/** A job keeps what it was submitted with. */
const KEPT = { isConfigurable: false } as const;

export function addRetry(program: Command): void {
  const command = ofJob(program.command('retry'))
    .summary('run a failed job once more')
    .description(
      'Queues a job that ended in error once more, from the beginning; prints its status. ' +
        'It keeps its parameters, except for those that are given here.',
    )
    .optionsGroup('What you know about the field (a bound, never relaxed):');
  addParams(command, 'field', KEPT).optionsGroup('How to solve:');
  addParams(command, 'solve', KEPT)
    .optionsGroup('Options:')
    .addHelpText(
      'after',
      `
Examples, the last for every job that found no space on the disk:
  $ astro-jobs retry 1f0c
  $ astro-jobs retry 1f0c --scale-low 1 --scale-high 3 --timeout 1200
  $ astro-jobs list --state error | jq -r '.jobs[] | select(.error.code == "storage_full").job_id' \\
      | xargs -n 1 astro-jobs retry`,
    )
    .action(
      jobAction<{ jobId?: string }>(async ({ jobs, id }, options) => {
        printDocument({ ok: true, ...(await jobs.retry(id, paramsOf({ ...options }))) });
        return undefined;
      }),
    );
}

export function addRemove(program: Command): void {
  ofJob(program.command('remove'))
    .summary('remove a job with all its files')
    .description('Removes a job with its image, its result and its log. A running job is cancelled first.')
    .addHelpText('after', '\nExample:\n  $ astro-jobs remove 1f0c')
    .action(
      jobAction(async ({ jobs, id }) => {
        await jobs.remove(id);
        printDocument({ ok: true, job_id: id });
        return undefined;
      }),
    );
}

interface PruneCommandOptions {
  jobId?: string;
  olderThan?: number;
  state?: 'done' | 'error';
  tag?: string;
  exceptTag?: string[];
}

export function addPrune(program: Command): void {
  program
    .command('prune')
    .summary('remove jobs that ended long ago')
    .description('Removes jobs that ended longer ago than this; prints {"ok": true, "removed": [job_id, …]}.')
    .option('--older-than <duration>', 'such as 30d, 12h, 90m; the unit is required', parseAge)
    .addOption(new Option('--state <state>', 'only these (default: both)').choices(['done', 'error']))
    .option('--tag <tag>', 'only those with this tag')
    .option('--except-tag <tag>', 'none with this tag; may be given again', collect)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs prune --older-than 30d --except-tag keep
  $ astro-jobs prune --older-than 2d --tag preview`,
    )
    .action(
      jobsAction<PruneCommandOptions>(async ({ jobs }, { olderThan, state, tag, exceptTag }) => {
        // Asked for here, so that a flag that is not known is named before one that is missing.
        if (olderThan === undefined)
          throw new AstroJobsError(
            'invalid_params',
            'how old is missing: --older-than <duration>, such as 30d',
          );
        const states = state && [state];
        printDocument({
          ok: true,
          removed: await jobs.prune({ olderThan, states, tag, exceptTags: exceptTag }),
        });
        return undefined;
      }),
    );
}
