import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { DEFAULTS } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import { isSettled, type JobStatus } from '../../job/status.js';
import { Interrupted } from '../../process/termination.js';
import { jobsAction } from '../action.js';
import { EXIT } from '../failure.js';
import { jobIdOption, parseDuration } from '../options.js';
import { printDocument, say } from '../print.js';
import { progressDisplay } from '../progress.js';
import { addSubmissionOptions, type SubmissionOptions, submit } from './submission.js';

/** Shows the job's progress until it has ended; rejects with the signal's reason. */
async function follow(jobs: AstroJobs, id: string, signal: AbortSignal): Promise<void> {
  const display = progressDisplay();
  try {
    for await (const status of jobs.watch(id, { signal })) display.show(status);
    signal.throwIfAborted();
  } finally {
    display.end();
  }
}

/** Prints the result; 0 when the image was solved, 1 when not. */
async function conclude(jobs: AstroJobs, id: string): Promise<number> {
  const result = await jobs.result(id);
  printDocument(result);
  return result.ok ? EXIT.ok : EXIT.failed;
}

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

/** The job that this program made ends with it. */
async function cancelAfter(interrupted: Interrupted, jobs: AstroJobs, job: JobStatus): Promise<number> {
  say('Cancelling; once more to leave at once');
  const status = await jobs.cancel(job.job_id);
  if (isSettled(status)) await conclude(jobs, job.job_id);
  return interrupted.exitCode;
}

export function addSolve(program: Command): void {
  addSubmissionOptions(program.command('solve'))
    .summary('submit, wait and print the result, in one')
    .description(
      'Submits a photograph, waits and prints the result: exit status 0 when it was solved, 1 when not.\n' +
        'Ctrl-C cancels the job.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs solve --image M42.jpg
  $ astro-jobs solve --image M42.jpg | jq '.astrometry | {ra_center, dec_center, fov_deg}'
  $ astro-jobs solve --image M42.jpg | jq -r '.astrometry.objects[].name'`,
    )
    .action(
      jobsAction<SubmissionOptions & { jobId?: string }>(
        async ({ jobs, signal }, options) => {
          const job = await submit(jobs, options, signal);
          try {
            await follow(jobs, job.job_id, signal);
          } catch (error) {
            if (error instanceof Interrupted) return cancelAfter(error, jobs, job);
            throw error;
          }
          return conclude(jobs, job.job_id);
        },
        { graceSeconds: () => DEFAULTS.graceSeconds, inForeground: true },
      ),
    );
}
