import type { Command } from 'commander';
import type { JobState } from '../../job/status.js';
import { jobsAction } from '../action.js';
import { jobIdOption, parsePositive, parseStates } from '../options.js';
import { printDocument, say } from '../print.js';
import { printable, printableLines } from '../printable.js';

export function addStatus(program: Command): void {
  program
    .command('status')
    .summary('print where a job is')
    .description(
      'Prints where a job is: {"ok": true, "job_id": …, "state": "queued | processing | done | error", …}',
    )
    .addOption(jobIdOption())
    .addHelpText('after', '\nExample:\n  $ astro-jobs status --job-id 1f0c… | jq -r .state')
    .action(
      jobsAction<{ jobId: string }>(async ({ jobs }, { jobId }) => {
        printDocument({ ok: true, ...(await jobs.status(jobId)) });
        return undefined;
      }),
    );
}

export function addResult(program: Command): void {
  program
    .command('result')
    .summary('print the result of a job that has ended')
    .description(
      'Prints result.json of a job that has ended, solved or not (see "ok" in it).\nUnlike wait, it never waits.',
    )
    .addOption(jobIdOption())
    .addHelpText('after', "\nExample:\n  $ astro-jobs result --job-id 1f0c… | jq '.astrometry.ra_center'")
    .action(
      jobsAction<{ jobId: string }>(async ({ jobs }, { jobId }) => {
        printDocument(await jobs.result(jobId));
        return undefined;
      }),
    );
}

export function addList(program: Command): void {
  program
    .command('list')
    .summary('list jobs, newest first')
    .description('Prints {"ok": true, "jobs": [status, …]}, newest first, and "next" when there are more.')
    .option('--state <states>', 'only these, such as queued,processing', parseStates)
    .option('--tag <tag>', 'only those that were submitted with this tag')
    .option('--limit <n>', 'at most so many (default: 100)', parsePositive)
    .option('--after <cursor>', 'go on after this: the "next" of the list before')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs list --state queued,processing
  $ astro-jobs list --tag night-3
  $ astro-jobs list --limit 1000 | jq -r '.jobs[] | [.state, .job_id, .filename] | @tsv'`,
    )
    .action(
      jobsAction<{ jobId?: string; state?: JobState[]; tag?: string; limit?: number; after?: string }>(
        async ({ jobs }, { state, tag, limit, after }) => {
          const page = await jobs.list({ state, tag, limit, after });
          printDocument({ ok: true, ...page });
          for (const { job_id, problem } of page.damaged) {
            say(printable(`A damaged job was left out: ${job_id}: ${problem}`));
          }
          return undefined;
        },
      ),
    );
}

export function addLogs(program: Command): void {
  program
    .command('logs')
    .summary('print what the solver wrote')
    .description('Prints the log of a job as text, control characters made visible.')
    .addOption(jobIdOption())
    .option('-f, --follow', 'go on printing until the job has ended')
    .addHelpText('after', '\nExample:\n  $ astro-jobs logs -f --job-id 1f0c…')
    .action(
      jobsAction<{ jobId: string; follow?: boolean }>(async ({ jobs, signal }, { jobId, follow }) => {
        if (!follow) {
          process.stdout.write(printableLines(await jobs.log(jobId)));
          return undefined;
        }
        for await (const text of jobs.followLog(jobId, { signal }))
          process.stdout.write(printableLines(text));
        signal.throwIfAborted();
        return undefined;
      }),
    );
}
