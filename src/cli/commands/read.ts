import type { Command } from 'commander';
import { csvLine } from '../../batch/csv.js';
import { type JobState, nowSeconds } from '../../job/status.js';
import { jobsAction } from '../action.js';
import { jobAction, ofJob } from '../job-id.js';
import { jobsTable } from '../jobs-table.js';
import { JSON_OPTION, parsePositive, parseStates } from '../options.js';
import { answer, printDocument, say } from '../print.js';
import { printable, printableLines } from '../printable.js';
import { statsInWords } from '../stats-words.js';

export function addStatus(program: Command): void {
  ofJob(program.command('status'))
    .summary('print where a job is')
    .description(
      'Prints where a job is: {"ok": true, "job_id": …, "state": "queued | processing | done | error", …}',
    )
    .addHelpText('after', '\nExample:\n  $ astro-jobs status 1f0c | jq -r .state')
    .action(
      jobAction(async ({ jobs, id }) => {
        printDocument({ ok: true, ...(await jobs.status(id)) });
        return undefined;
      }),
    );
}

export function addResult(program: Command): void {
  ofJob(program.command('result'))
    .summary('print the result of a job that has ended')
    .description(
      'Prints result.json of a job that has ended, solved or not (see "ok" in it). Unlike wait, it never waits.',
    )
    .addHelpText('after', "\nExample:\n  $ astro-jobs result 1f0c | jq '.astrometry.ra_center'")
    .action(
      jobAction(async ({ jobs, id }) => {
        printDocument(await jobs.result(id));
        return undefined;
      }),
    );
}

interface ListOptions {
  jobId?: string;
  state?: JobState[];
  tag?: string;
  limit?: number;
  after?: string;
  json?: boolean;
  csv?: boolean;
}

const CSV_COLUMNS = ['job_id', 'state', 'filename', 'created_at', 'finished_at', 'message'] as const;

export function addList(program: Command): void {
  program
    .command('list')
    .summary('list jobs, newest first')
    .description(
      'Lists jobs, newest first: as a table on a terminal, and where the output goes to a program as {"ok": true, "jobs": [status, …]}, ' +
        'with "next" when there are more.',
    )
    .option('--state <states>', 'only these, such as queued,processing', parseStates)
    .option('--tag <tag>', 'only those that were submitted with this tag')
    .option('--limit <n>', 'at most so many (default: 100)', parsePositive)
    .option('--after <cursor>', 'go on after this: the "next" of the list before')
    .option(...JSON_OPTION)
    .option('--csv', 'as CSV')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs list --state queued,processing
  $ astro-jobs list --tag night-3
  $ astro-jobs list --limit 1000 | jq -r '.jobs[] | [.state, .job_id, .filename] | @tsv'`,
    )
    .action(
      jobsAction<ListOptions>(async ({ jobs }, { state, tag, limit, after, json, csv }) => {
        const page = await jobs.list({ state, tag, limit, after });
        if (csv) {
          const lines = page.jobs.map((job) => csvLine(CSV_COLUMNS.map((name) => job[name])));
          process.stdout.write([csvLine(CSV_COLUMNS), ...lines].join(''));
        } else answer({ ok: true, ...page }, jobsTable(page, nowSeconds()), { json });
        for (const { job_id, problem } of page.damaged) {
          say(printable(`A damaged job was left out: ${job_id}: ${problem}`));
        }
        return undefined;
      }),
    );
}

export function addStats(program: Command): void {
  program
    .command('stats')
    .summary('how many jobs there are, and how long they take')
    .description(
      'Says how many jobs are in each state, and how long the last ones waited and ran: as a table on a terminal, and where the output goes ' +
        'to a program as {"ok": true, "counts": {…}, "waiting_seconds": {…}, "processing_seconds": {…}}.',
    )
    .option(...JSON_OPTION)
    .addHelpText('after', "\nExample:\n  $ astro-jobs stats | jq '.processing_seconds.median'")
    .action(
      jobsAction<{ jobId?: string; json?: boolean }>(async ({ jobs }, options) => {
        const stats = await jobs.stats();
        answer({ ok: true, ...stats }, statsInWords(stats), options);
        return undefined;
      }),
    );
}

export function addLogs(program: Command): void {
  ofJob(program.command('logs'))
    .summary('print what the solver wrote')
    .description('Prints the log of a job as text, control characters made visible.')
    .option('-f, --follow', 'go on printing until the job has ended')
    .addHelpText('after', '\nExample:\n  $ astro-jobs logs -f 1f0c')
    .action(
      jobAction<{ jobId?: string; follow?: boolean }>(async ({ jobs, id, signal }, { follow }) => {
        if (!follow) {
          process.stdout.write(printableLines(await jobs.log(id)));
          return undefined;
        }
        for await (const text of jobs.followLog(id, { signal })) process.stdout.write(printableLines(text));
        signal.throwIfAborted();
        return undefined;
      }),
    );
}
