import { createWriteStream } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ExportedFile } from '../../export/exported-file.js';
import { EXPORT_KINDS, type ExportKind } from '../../export/formats.js';
import { AstroJobsError } from '../../job/errors.js';
import { addDrawingFlags, type DrawingFlags } from '../drawing-flags.js';
import { parseFormats } from '../export-formats.js';
import { jobAction, ofJob } from '../job-id.js';
import { parsePositive } from '../options.js';
import { printDocument } from '../print.js';

interface ExportFlags extends DrawingFlags {
  jobId?: string;
  format?: ExportKind[];
  output?: string;
  beside?: string;
  width?: number;
  force?: boolean;
}

export function addExport(program: Command): void {
  const command = ofJob(program.command('export'))
    .summary('write a job in a format that other programs open')
    .description(
      'Writes a job in formats that other programs open, and prints where: {"ok": true, "job_id": …, "files": [{"format": …, "file": …}, …]}.\n' +
        'Without --format it prints in which formats the job can be had, and what each is.',
    )
    .option('-f, --format <names>', 'of the formats below, separated by commas', parseFormats)
    .option(
      '-o, --output <file>',
      'where to write it, for one format (default: named after the image, in this folder)',
    )
    .option('--beside <image>', 'write sidecars: named after this image, in its folder')
    .option('--force', 'replace files that are there already')
    .option('--width <pixels>', 'of a picture', parsePositive);
  const run = jobAction<ExportFlags>(async ({ jobs, signal, id: jobId }, flags) => {
    const { format: formats, output, beside, force = false, style, layers, palette, width } = flags;
    if (!formats) {
      printDocument({ ok: true, job_id: jobId, exports: await jobs.exports(jobId) });
      return undefined;
    }
    if (output !== undefined && formats.length !== 1)
      throw new AstroJobsError('invalid_params', '`output` is of one format');
    const drawing = { style, palette, ...(layers && { layers }), ...(width !== undefined && { width }) };
    const files: { format: ExportKind; file: string }[] = [];
    for (const format of formats) {
      const exported = await jobs.export(jobId, format, {
        ...drawing,
        signal,
        ...(beside !== undefined && { filename: basename(beside) }),
      });
      const file = resolve(output ?? join(beside === undefined ? '' : dirname(beside), exported.name));
      await write(file, exported, output !== undefined || force);
      files.push({ format, file });
    }
    printDocument({ ok: true, job_id: jobId, files });
    return undefined;
  });
  addDrawingFlags(command.optionsGroup('How pictures are drawn:'))
    .addHelpText(
      'after',
      `
Formats: ${EXPORT_KINDS.join(', ')}

Examples:
  $ astro-jobs export 1f0c                                      # in which formats can it be had?
  $ astro-jobs export 1f0c --format kmz -o M42.kmz
  $ astro-jobs export 1f0c --format json,wcs --beside M42.jpg   # M42.json and M42.wcs
  $ astro-jobs export 1f0c --format ds9 -o M42.reg && ds9 M42.fits -regions M42.reg`,
    )
    .action(run);
}

async function write(file: string, exported: ExportedFile, replaces: boolean): Promise<void> {
  try {
    await pipeline(exported.read(), createWriteStream(file, { flags: replaces ? 'w' : 'wx' }));
  } catch (thrown) {
    if (thrown instanceof AstroJobsError) throw thrown;
    const cause = thrown as NodeJS.ErrnoException;
    const why = cause.code === 'EEXIST' ? 'it is there already; --force replaces it' : cause.message;
    throw new AstroJobsError('storage_failed', `${file} cannot be written: ${why}`, { cause });
  }
}
