import type { Command } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import { jobsAction } from '../action.js';
import { jobIdOption, parseDuration } from '../options.js';
import { conclude, follow } from './following.js';

export function addWait(program: Command): void {
  program
    .command('wait')
    .summary('watch a job until it has ended and print its result')
    .description(
      'Watches a job until it has ended and prints its result: exit status 0 when the image was solved, 1 when not.\n' +
        'Ctrl-C stops watching; the job goes on.',
    )
    .addOption(jobIdOption())
    .option('--timeout <duration>', 'stop watching after this: 90s, 10m, 2h', parseDuration)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs wait --job-id 1f0c…
  $ astro-jobs wait --job-id 1f0c… --timeout 5m || echo "not solved, or not yet"`,
    )
    .action(
      jobsAction<{ jobId: string; timeout?: number }>(async ({ jobs, signal }, { jobId, timeout }) => {
        const patience = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
        try {
          await follow(jobs, jobId, patience ? AbortSignal.any([signal, patience]) : signal);
        } catch (error) {
          if (signal.aborted || !patience?.aborted) throw error;
          const { state } = await jobs.status(jobId);
          throw new AstroJobsError('not_ready', `Job not ready (state=${state})`, { jobId });
        }
        return conclude(jobs, jobId);
      }),
    );
}
