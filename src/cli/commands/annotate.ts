import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { PictureFormat } from '../../annotate/annotate.js';
import { AstroJobsError } from '../../job/errors.js';
import { addDrawingFlags, type DrawingFlags } from '../drawing-flags.js';
import { jobAction, ofJob } from '../job-id.js';
import { printDocument } from '../print.js';

const FORMATS: Readonly<Record<string, PictureFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.svg': 'svg',
};

function formatOf(file: string): PictureFormat | undefined {
  return FORMATS[extname(file).toLowerCase()];
}

function parseFile(file: string): string {
  if (formatOf(file)) return file;
  throw new InvalidArgumentError(`Expected a name that ends in ${Object.keys(FORMATS).join(', ')}.`);
}

interface AnnotateFlags extends DrawingFlags {
  jobId?: string;
  output?: string;
}

export function addAnnotate(program: Command): void {
  const command = ofJob(program.command('annotate'))
    .summary('draw the photograph with its objects named')
    .description(
      'Draws the photograph with its objects circled and named, a grid, a scale and a compass, and prints where it is: ' +
        '{"ok": true, "job_id": …, "file": …}. The extension chooses between JPEG, PNG, WebP and SVG.',
    )
    .option('-o, --output <file>', 'where to write it (default: <job id>.jpg in this folder)', parseFile);
  addDrawingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs annotate 1f0c -o M42-named.jpg
  $ astro-jobs annotate 1f0c -o M42-named.svg
  $ astro-jobs annotate 1f0c --layers messier,ngc,grid,caption --palette color-blind`,
    )
    .action(
      jobAction<AnnotateFlags>(async ({ jobs, id }, { output, style, layers, palette }) => {
        const picture = await jobs.annotate(id, {
          style,
          palette,
          ...(layers && { layers }),
          format: output === undefined ? 'jpeg' : formatOf(output),
        });
        // The id has led to a job, so it is a file name without surprises.
        const file = resolve(output ?? `${id}.jpg`);
        await writeFile(file, picture).catch((cause: Error) => {
          throw new AstroJobsError('storage_failed', `The picture cannot be written: ${cause.message}`, {
            cause,
          });
        });
        printDocument({ ok: true, job_id: id, file });
        return undefined;
      }),
    );
}
