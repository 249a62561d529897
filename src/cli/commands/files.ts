import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import { megabytes } from '../indexes/text.js';
import { jobAction, ofJob } from '../job-id.js';
import { table } from '../layout.js';
import { JSON_OPTION } from '../options.js';
import { answer, printDocument } from '../print.js';
import { printable } from '../printable.js';
import { writeJobFile } from '../write-job-file.js';

export function addFiles(program: Command): void {
  ofJob(program.command('files'))
    .summary('list what a job has left, or fetch one file of it')
    .description(
      'Lists what a job has left: as a table on a terminal, and where the output goes to a program as {"ok": true, "job_id": …, ' +
        '"files": [{"name", "size"}, …]}. With --output the one that is named is written there.',
    )
    .argument('[name]', 'the one to fetch, such as solution.wcs')
    .option('-o, --output <file>', 'where to write it')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs files 1f0c
  $ astro-jobs files 1f0c solution.wcs -o M42.wcs`,
    )
    .action(
      jobAction<{ jobId?: string; output?: string; json?: boolean }>(
        async ({ jobs, id, args, signal }, { output, json }) => {
          const [name] = args;
          if ((name === undefined) !== (output === undefined))
            throw new AstroJobsError('invalid_params', 'to fetch a file give its name and --output <file>');
          if (name === undefined || output === undefined) {
            const files = (await jobs.files(id)).map(({ name, size }) => ({ name, size }));
            const rows = files.map((file) => [printable(file.name), megabytes(file.size)]);
            const words = rows.length === 0 ? 'It has left nothing.' : table(rows).join('\n');
            answer({ ok: true, job_id: id, files }, words, { json });
            return undefined;
          }
          const file = resolve(output);
          await writeJobFile(await jobs.file(id, name), file, signal);
          printDocument({ ok: true, job_id: id, file });
          return undefined;
        },
        { mostArgs: 1 },
      ),
    );
}
