import { type Command, InvalidArgumentError } from 'commander';
import type { BatchSummary } from '../../batch/options.js';
import type { BatchRow } from '../../batch/row.js';
import { DEFAULTS, defaultConcurrency } from '../../defaults.js';
import { EXPORT_KINDS, type ExportKind } from '../../export/formats.js';
import { jobsAction } from '../action.js';
import { batchDisplay, durationWords } from '../batch-display.js';
import { EXIT } from '../failure.js';
import { parseDuration, settingOption } from '../options.js';
import { printDocument, say } from '../print.js';
import { printable } from '../printable.js';
import { addParams, paramsOf } from './submission.js';

interface BatchFlags {
  jobId?: string;
  folder: string;
  output?: string;
  watch?: boolean;
  recursive?: boolean;
  concurrency?: number;
  export?: ExportKind[];
  keepJobs: boolean;
  retryFailed?: boolean;
  settle?: number;
  csv?: boolean;
  json?: boolean;
}

function parseExports(text: string): ExportKind[] {
  const known: readonly string[] = EXPORT_KINDS;
  const kinds = text.split(',').map((kind) => kind.trim());
  if (kinds.every((kind) => known.includes(kind))) return kinds as ExportKind[];
  throw new InvalidArgumentError(`Expected one or more of ${EXPORT_KINDS.join(', ')}, with commas between.`);
}

const rowInWords = ({ file, ok, error = '' }: BatchRow): string | undefined =>
  ok ? undefined : printable(`✘ ${file}: ${error}`);

function summaryInWords(
  { total, done, failed, skipped, unfinished, files }: BatchSummary,
  seconds: number,
): string {
  const lines = [
    `${done - failed} of ${total} pictures solved, ${done - skipped} of them looked at now in ${durationWords(seconds)}`,
    ...unfinished.map((file) => `left out, because it is still being written: ${file}`),
    `  table   ${files.csv}`,
    `  report  ${files.report}`,
  ];
  return lines.map(printable).join('\n');
}

export function addBatch(program: Command): void {
  const run = jobsAction<BatchFlags>(
    async ({ jobs, signal }, options) => {
      const { csvRow, CSV_HEAD } = await import('../../batch/csv.js');
      const isQuietTerminal = process.stdout.isTTY === true && !options.csv && !options.json;
      const display = batchDisplay(options.folder);
      const begun = performance.now();
      const batch = jobs.batch(options.folder, paramsOf({ ...options }), {
        output: options.output,
        recursive: options.recursive,
        watch: options.watch,
        concurrency: options.concurrency,
        exports: options.export,
        keepJobs: options.keepJobs,
        retryFailed: options.retryFailed,
        settleSeconds: options.settle,
        signal,
        onProgress: (progress) => display.show(progress),
      });
      let isFirst = true;
      try {
        for (;;) {
          const { done, value } = await batch.next();
          if (done) {
            display.end();
            say(summaryInWords(value, (performance.now() - begun) / 1000));
            return value.failed > 0 || value.unfinished.length > 0 ? EXIT.failed : EXIT.ok;
          }
          const words = rowInWords(value);
          if (isQuietTerminal && words !== undefined) {
            display.end();
            say(words);
          } else if (options.csv) process.stdout.write(`${isFirst ? CSV_HEAD : ''}${csvRow(value)}`);
          else if (!isQuietTerminal) printDocument(value);
          isFirst = false;
        }
      } finally {
        display.end();
      }
    },
    {
      graceSeconds: () => DEFAULTS.graceSeconds,
      inForeground: ({ concurrency = defaultConcurrency() }) => concurrency,
    },
  );
  const command = program
    .command('batch')
    .summary('every picture of a folder once: a table and a report')
    .description(
      'Solves every picture of a folder once, into table.csv, table.jsonl and report.html with plots over time. What is in the ' +
        'table is not done again: after an interruption, a crash or a new night the same command goes on. Changed files are ' +
        'taken again. New rows go to stdout, one JSON document a line. Exit status 0 when every picture was solved.',
    )
    .argument('<folder>', 'of the pictures; they are only read')
    .option('-o, --output <dir>', 'where table and report go (default: astro-jobs in the folder)')
    .option('-w, --watch', 'go on, and take new pictures when they are whole, until Ctrl-C')
    .option('-r, --recursive', 'with the folders inside')
    .addOption(settingOption('concurrency'))
    .option('--export <kinds>', `made of each picture: ${EXPORT_KINDS.join(', ')}`, parseExports)
    .option('--no-keep-jobs', 'remove each job when its row is written; a job keeps a copy of its picture')
    .option('--retry-failed', 'try those again that were not solved')
    .option(
      '--settle <duration>',
      'a file that did not change for so long is whole (default: 2s)',
      parseDuration,
    )
    .option('--csv', 'new rows as CSV on stdout')
    .option('--json', 'new rows as JSON, on a terminal too')
    .optionsGroup('What you know about the fields (a bound, never relaxed):');
  addParams(command, 'field').optionsGroup('How to solve:');
  addParams(command, 'solve')
    .optionsGroup('Options:')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs batch night/
  $ astro-jobs batch /data/incoming --watch --recursive --export new-fits
  $ astro-jobs batch night/ --csv -o /tmp/night > new-rows.csv`,
    )
    .action((folder: string, options: Omit<BatchFlags, 'folder'>, self: Command) =>
      run({ ...options, folder }, self),
    );
}
