import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { EXPORT_KINDS, type ExportKind } from '../../export/kinds.js';
import { AstroJobsError } from '../../job/errors.js';
import { jobsAction } from '../action.js';
import { jobIdOption } from '../options.js';
import { printDocument } from '../print.js';

export function addExport(program: Command): void {
  program
    .command('export')
    .summary('write something made of a solved image')
    .description(
      'Writes a file that is made of a job on demand, and prints where it is: {"ok": true, "job_id": …, "file": …}.\n' +
        'new-fits: the image with the solution in its header; quality-map: how sharp it is, as SVG; stars-csv: the measured stars; image-rd, rdls: where found and reference stars are on the sky.',
    )
    .addOption(jobIdOption())
    .addOption(new Option('--kind <kind>', 'what to write').choices(EXPORT_KINDS).makeOptionMandatory())
    .option('-o, --output <file>', 'where to write it (default: its own name, in this folder)')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs export --job-id 1f0c… --kind quality-map -o M42-sharpness.svg
  $ astro-jobs export --job-id 1f0c… --kind stars-csv -o M42-stars.csv`,
    )
    .action(
      jobsAction<{ jobId: string; kind: ExportKind; output?: string }>(
        async ({ jobs }, { jobId, kind, output }) => {
          const exported = await jobs.export(jobId, kind);
          const file = resolve(output ?? exported.name);
          await pipeline(exported.read(), createWriteStream(file)).catch((cause: Error) => {
            if (cause instanceof AstroJobsError) throw cause;
            throw new AstroJobsError('storage_failed', `The file cannot be written: ${cause.message}`, {
              cause,
            });
          });
          printDocument({ ok: true, job_id: jobId, file });
          return undefined;
        },
      ),
    );
}
