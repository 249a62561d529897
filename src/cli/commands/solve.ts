import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { AstroJobs } from '../../astro-jobs.js';
import { DEFAULTS } from '../../defaults.js';
import { isSettled } from '../../job/status.js';
import { Interrupted } from '../../process/termination.js';
import { jobsAction } from '../action.js';
import { failureInWords, resultInWords } from '../answer.js';
import { EXIT, refusalOf } from '../failure.js';
import { printDocument, say } from '../print.js';
import { conclude, follow } from './following.js';
import { addSubmissionOptions, imagesOf, type SubmissionOptions, submit } from './submission.js';

interface SolveOptions extends SubmissionOptions {
  json?: boolean;
  jobId?: string;
}

const inWords = ({ json }: SolveOptions): boolean => !json && process.stdout.isTTY === true;

/** Submits one image, waits, and answers: in words on a terminal. */
async function solveOne(
  { jobs, signal }: { jobs: AstroJobs; signal: AbortSignal },
  image: string,
  options: SolveOptions,
): Promise<number> {
  const { job_id } = await submit(jobs, image, options, signal);
  try {
    await follow(jobs, job_id, signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    // The job that this program made ends with it.
    say('Cancelling; once more to leave at once');
    if (isSettled(await jobs.cancel(job_id))) await conclude(jobs, job_id);
    throw error;
  }
  if (!inWords(options)) return conclude(jobs, job_id);
  const result = await jobs.result(job_id);
  const file = (await jobs.files(job_id)).find(({ path }) => path !== undefined);
  process.stdout.write(`${resultInWords(result, file?.path && dirname(file.path))}\n`);
  return result.ok ? EXIT.ok : EXIT.failed;
}

export function addSolve(program: Command): void {
  addSubmissionOptions(program.command('solve'))
    .summary('submit, wait and answer, in one')
    .description(
      'Submits photographs one after another, waits, and answers: in words on a terminal, and where the output goes to a program as\n' +
        'one JSON document a line. Exit status 0 when all were solved. Ctrl-C cancels the job.',
    )
    .option('--json', 'print the document alone, on a terminal too')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs solve M42.jpg
  $ astro-jobs solve night/*.fits --scale-low 1 --scale-high 3
  $ astro-jobs solve --image M42.jpg | jq '.astrometry | {ra_center, dec_center, fov_deg}'
  $ astro-jobs solve --image M42.jpg | jq -r '.astrometry.objects[].name'`,
    )
    .action(
      jobsAction<SolveOptions>(
        async (context, options) => {
          let exitCode: number = EXIT.ok;
          for (const image of imagesOf(context.args, options)) {
            try {
              exitCode = Math.max(exitCode, await solveOne(context, image, options));
            } catch (error) {
              const refusal = refusalOf(error, context.signal);
              if (inWords(options)) process.stdout.write(`${failureInWords(refusal.document, image)}\n`);
              else printDocument(refusal.document);
              exitCode = Math.max(exitCode, refusal.exitCode);
            }
          }
          return exitCode;
        },
        { graceSeconds: () => DEFAULTS.graceSeconds, inForeground: () => 1 },
      ),
    );
}
