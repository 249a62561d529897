import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { forEachOf } from '../../async/for-each-of.js';
import { csvLine } from '../../batch/csv.js';
import { RESULT_COLUMNS, resultColumns } from '../../batch/row.js';
import { DEFAULTS, defaultConcurrency } from '../../defaults.js';
import type { JobResult } from '../../job/result.js';
import { isSettled, type JobStatus } from '../../job/status.js';
import { Interrupted } from '../../process/termination.js';
import { jobsAction } from '../action.js';
import { failureInWords, resultInWords } from '../answer.js';
import { ImageFolders } from '../copy-files.js';
import { EXIT, refusalOf } from '../failure.js';
import { imagesOf } from '../images.js';
import { JSON_OPTION, settingOption } from '../options.js';
import { formatDocument, say } from '../print.js';
import { type ProgressDisplay, progressDisplay } from '../progress.js';
import { addSubmissionOptions, type SubmissionOptions, submit } from './submission.js';

interface SolveOptions extends SubmissionOptions {
  json?: boolean;
  csv?: boolean;
  concurrency?: number;
  output?: string;
  jobId?: string;
}

/** What is told of one image. */
interface Answer {
  text: string;
  exitCode: number;
}

/** How an answer is written: as words, as one document, or as a line of a table. */
interface Form {
  head: string;
  solved(image: string, result: JobResult, folder?: string): string;
  refused(image: string, document: { ok: false; error: string; error_code: string }): string;
}

const CSV_COLUMNS = ['file', ...RESULT_COLUMNS, 'job_id'] as const;

function formOf({ json, csv }: SolveOptions): Form {
  const isTerminal = process.stdout.isTTY === true;
  const line = (document: object) => `${formatDocument(document, isTerminal)}\n`;
  const row = (columns: object) =>
    csvLine(CSV_COLUMNS.map((name) => (columns as Record<string, unknown>)[name]));
  if (csv) {
    return {
      head: csvLine(CSV_COLUMNS),
      solved: (file, result) => row({ file, ...resultColumns(result) }),
      refused: (file, document) => row({ file, ...document }),
    };
  }
  if (json || !isTerminal)
    return { head: '', solved: (_, result) => line(result), refused: (_, document) => line(document) };
  return {
    head: '',
    solved: (image, result, folder) => `${resultInWords(result, image, folder)}\n`,
    refused: (image, document) => `${failureInWords(document, image)}\n`,
  };
}

/** Submits images, waits, and answers in the order in which they were given, as soon as that can be. */
class Solving {
  readonly #jobs: AstroJobs;
  readonly #signal: AbortSignal;
  readonly #options: SolveOptions;
  readonly #form: Form;
  readonly #display: ProgressDisplay = progressDisplay();
  readonly #folders: ImageFolders | undefined;
  readonly #answers: (Answer | undefined)[] = [];
  #told = 0;

  constructor({ jobs, signal }: { jobs: AstroJobs; signal: AbortSignal }, options: SolveOptions) {
    this.#jobs = jobs;
    this.#signal = signal;
    this.#options = options;
    this.#form = formOf(options);
    if (options.output !== undefined) this.#folders = new ImageFolders(options.output);
  }

  /** @returns the exit status */
  async solve(images: readonly string[], atOnce: number): Promise<number> {
    process.stdout.write(this.#form.head);
    try {
      await forEachOf(images.entries(), atOnce, async ([index, image]) => {
        this.#answers[index] = await this.#answerOf(image);
        this.#tell();
      });
    } finally {
      this.#display.end();
    }
    return Math.max(EXIT.ok, ...this.#answers.map((answer) => answer?.exitCode ?? EXIT.ok));
  }

  #tell(): void {
    for (let answer = this.#answers[this.#told]; answer; answer = this.#answers[this.#told]) {
      this.#display.clear();
      process.stdout.write(answer.text);
      this.#told += 1;
    }
  }

  async #answerOf(image: string): Promise<Answer> {
    try {
      const { job_id } = await submit(this.#jobs, image, this.#options, this.#signal);
      await this.#follow(job_id);
      const result = await this.#jobs.result(job_id);
      const name = image === '-' ? (result.filename ?? image) : image;
      const folder = this.#folders
        ? await this.#folders.copy(this.#jobs, job_id, name, this.#signal)
        : await this.#ownFolder(job_id);
      const text = this.#form.solved(image, result, folder);
      return { text, exitCode: result.ok ? EXIT.ok : EXIT.failed };
    } catch (error) {
      const { document, exitCode } = refusalOf(error, this.#signal);
      return { text: this.#form.refused(image, document), exitCode };
    }
  }

  /** Where the job's files are, if that is a folder of this machine. */
  async #ownFolder(id: string): Promise<string | undefined> {
    const file = (await this.#jobs.files(id)).find(({ path }) => path !== undefined);
    return file?.path && dirname(file.path);
  }

  async #follow(id: string): Promise<void> {
    try {
      for await (const status of this.#jobs.watch(id, { signal: this.#signal })) this.#show(status);
      this.#signal.throwIfAborted();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      // The job that this program made ends with it.
      this.#display.clear();
      say('Cancelling; once more to leave at once');
      if (isSettled(await this.#jobs.cancel(id)))
        process.stdout.write(
          `${formatDocument(await this.#jobs.result(id), process.stdout.isTTY === true)}\n`,
        );
      throw error;
    }
  }

  #show(status: JobStatus): void {
    this.#display.show(status);
  }
}

export function addSolve(program: Command): void {
  addSubmissionOptions(program.command('solve'))
    .summary('submit, wait and answer, in one')
    .description(
      'Submits photographs, waits, and answers: in words on a terminal, and where the output goes to a program as one JSON ' +
        'document a line, in the order in which they were given. Exit status 0 when all were solved. Ctrl-C cancels the jobs.',
    )
    .option('-o, --output <dir>', 'copy what each job leaves here, into a folder named after its image')
    .option(...JSON_OPTION)
    .option('--csv', 'a line of CSV for each')
    .addOption(settingOption('concurrency'))
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs solve M42.jpg
  $ astro-jobs solve night/ 'other/*.fit' --scale-low 1 --scale-high 3
  $ astro-jobs solve M42.jpg --ra 05:35:17 --dec -05:23:28 --radius 5 --timeout 2m
  $ astro-jobs solve M42.jpg | jq -r '.astrometry.objects[].name'
  $ astro-jobs solve night/*.fits --csv -o solved > night.csv   # and result.json, solution.wcs, … in solved/`,
    )
    .action(
      jobsAction<SolveOptions>(
        async (context, options) => {
          const { concurrency = defaultConcurrency() } = options;
          return new Solving(context, options).solve(await imagesOf(context.args, options), concurrency);
        },
        {
          graceSeconds: () => DEFAULTS.graceSeconds,
          inForeground: ({ concurrency = defaultConcurrency() }) => concurrency,
        },
      ),
    );
}
