import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import { jobAction, ofJob } from '../job-id.js';
import { printDocument } from '../print.js';

export function addFiles(program: Command): void {
  ofJob(program.command('files'))
    .summary('list what a job has left, or fetch one file of it')
    .description(
      'Lists what a job has left: {"ok": true, "job_id": …, "files": [{"name", "size"}, …]}. With --output the one that is named is ' +
        'written there.',
    )
    .argument('[name]', 'the one to fetch, such as solution.wcs')
    .option('-o, --output <file>', 'where to write it')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs files 1f0c
  $ astro-jobs files 1f0c solution.wcs -o M42.wcs`,
    )
    .action(
      jobAction<{ jobId?: string; output?: string }>(
        async ({ jobs, id, args, signal }, { output }) => {
          const [name] = args;
          if ((name === undefined) !== (output === undefined))
            throw new AstroJobsError('invalid_params', 'to fetch a file give its name and --output <file>');
          if (name === undefined || output === undefined) {
            const files = (await jobs.files(id)).map(({ name, size }) => ({ name, size }));
            printDocument({ ok: true, job_id: id, files });
            return undefined;
          }
          const file = resolve(output);
          const found = await jobs.file(id, name);
          await pipeline(Readable.from(found.read()), createWriteStream(file), { signal }).catch(
            (cause: Error) => {
              signal.throwIfAborted();
              throw new AstroJobsError('storage_failed', `${file} cannot be written: ${cause.message}`, {
                cause,
              });
            },
          );
          printDocument({ ok: true, job_id: id, file });
          return undefined;
        },
        { mostArgs: 1 },
      ),
    );
}
