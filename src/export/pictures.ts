import type { ExportOptions } from './export-source.js';
import type { MadeFile, PictureSource } from './exported-file.js';
import type { PictureExport } from './formats.js';
import { exportPreview, exportThumbnail } from './preview.js';
import { exportExtraction, exportRedGreen } from './star-charts.js';

const PICTURES: Readonly<
  Record<PictureExport, (source: PictureSource, options: ExportOptions) => Promise<MadeFile>>
> = {
  preview: exportPreview,
  thumbnail: exportThumbnail,
  extraction: exportExtraction,
  'red-green': exportRedGreen,
};

/**
 * A picture of the whole image, upright, as JPEG.
 *
 * @throws AstroJobsError `not_found` when the job has not what it is made of; what `openImage` throws
 */
export function exportPicture(
  kind: PictureExport,
  source: PictureSource,
  options: ExportOptions,
): Promise<MadeFile> {
  return PICTURES[kind](source, options);
}
