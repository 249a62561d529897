import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { anySignal } from '../../async/any-signal.js';
import { AstroJobsError } from '../../job/errors.js';
import { jobsAction } from '../action.js';
import { EXIT, refusalOf } from '../failure.js';
import { givenIds, wholeId } from '../job-id.js';
import { jobIdOption, parseDuration } from '../options.js';
import { printDocument } from '../print.js';
import { conclude, follow } from './following.js';

interface WaitOptions {
  jobId?: string;
  timeout?: number;
}

/** Watches one job until it has ended, or until there is no more patience. */
async function waitFor(
  jobs: AstroJobs,
  id: string,
  signal: AbortSignal,
  patience?: AbortSignal,
): Promise<number> {
  try {
    await follow(jobs, id, patience ? anySignal(signal, patience) : signal);
  } catch (error) {
    if (signal.aborted || !patience?.aborted) throw error;
    const { state } = await jobs.status(id);
    throw new AstroJobsError('not_ready', `Job not ready (state=${state})`, { jobId: id });
  }
  return conclude(jobs, id);
}

export function addWait(program: Command): void {
  program
    .command('wait')
    .summary('watch jobs until they have ended and print their results')
    .description(
      'Watches jobs until they have ended and prints the result of each, one JSON document a line: exit status 0 when all images were ' +
        'solved, 1 when not. Ctrl-C stops watching; the jobs go on.',
    )
    .argument('[ids...]', 'the jobs, by their ids or how those begin')
    .addOption(jobIdOption())
    .option('--timeout <duration>', 'stop watching after this: 90s, 10m, 2h', parseDuration)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs wait 1f0c
  $ astro-jobs wait 1f0c 77d2 9ab4 | jq -r '[.filename, .ok] | @tsv'
  $ astro-jobs wait 1f0c --timeout 5m || echo "not solved, or not yet"`,
    )
    .action(
      jobsAction<WaitOptions>(async (context, options) => {
        const { jobs, signal, about } = context;
        const given = givenIds(context.args, options);
        const patience =
          options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout * 1000);
        let exitCode: number = EXIT.ok;
        for (const id of given) {
          about(id);
          try {
            const whole = await wholeId(jobs, id);
            about(whole);
            exitCode = Math.max(exitCode, await waitFor(jobs, whole, signal, patience));
          } catch (error) {
            if (given.length === 1) throw error;
            const refusal = refusalOf(error, signal, id);
            printDocument(refusal.document);
            exitCode = Math.max(exitCode, refusal.exitCode);
          }
        }
        return exitCode;
      }),
    );
}
