import type { Command } from 'commander';
import { jobsAction } from '../action.js';
import { EXIT, refusalOf } from '../failure.js';
import { imagesOf } from '../images.js';
import { printDocument, say } from '../print.js';
import { addSubmissionOptions, type SubmissionOptions, submit } from './submission.js';

export function addSubmit(program: Command): void {
  addSubmissionOptions(program.command('submit'))
    .summary('queue a photograph and return at once')
    .description(
      'Queues a photograph and returns at once; the job runs in the background and survives this shell. ' +
        'Prints {"ok": true, "job_id": "…"} as soon as the job is safe on the disk.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs submit --image M42.jpg
  $ astro-jobs submit --image M42.jpg --scale-low 1 --scale-high 3   # 1 to 3 degrees wide
  $ astro-jobs submit --image frame.fits --ra 83.8 --dec -5.4 --radius 5 --annotate
  $ astro-jobs submit night/*.fits                   # as many as you like: a line for each
  $ curl -s https://example.org/sky.jpg | astro-jobs submit --image - --filename sky.jpg`,
    )
    .action(
      jobsAction<SubmissionOptions & { jobId?: string }>(async ({ jobs, signal, args }, options) => {
        let exitCode: number = EXIT.ok;
        for (const image of await imagesOf(args, options)) {
          try {
            const { job_id } = await submit(jobs, image, options, signal);
            printDocument({ ok: true, job_id });
            if (process.stdout.isTTY) say(`See it solved: astro-jobs wait ${job_id.slice(0, 8)}`);
          } catch (error) {
            const refusal = refusalOf(error, signal);
            printDocument(refusal.document);
            exitCode = refusal.exitCode;
          }
        }
        return exitCode;
      }),
    );
}
