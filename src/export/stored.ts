import type { PictureFormat } from '../annotate/annotate.js';
import { AstroJobsError } from '../job/errors.js';
import type { ExportOptions, ExportSource } from './export-source.js';
import { type MadeFile, requiredFile, wholeFile } from './exported-file.js';

export async function exportResult({ result }: ExportSource): Promise<MadeFile> {
  if (!result) throw new AstroJobsError('not_found', 'The job has not ended, so it has no result yet');
  return wholeFile(`${JSON.stringify(result, null, 2)}\n`);
}

/** The plate solution as the solver left it: a FITS file without pixels, about the pixels in the order of the image's file. */
export async function exportWcs(source: ExportSource): Promise<MadeFile> {
  return wholeFile(await requiredFile(source, 'solution.wcs'));
}

export const exportDrawing =
  (format: PictureFormat) =>
  async (
    source: ExportSource,
    { signal: _signal, filename: _filename, ...drawing }: ExportOptions,
  ): Promise<MadeFile> =>
    wholeFile(await source.drawing({ ...drawing, format }));
