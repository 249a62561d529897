import { exportCalibration } from './calibration.js';
import type { ExportedFile, ExportOptions, ExportSource } from './exported-file.js';
import type { ExportKind } from './kinds.js';
import { exportNewFits } from './new-fits.js';
import { exportPreview } from './preview.js';
import { exportImageRd, exportRdls } from './sky-tables.js';
import { exportExtraction, exportRedGreen } from './star-charts.js';

/** Exports that are pictures of the whole image, made at once. */
export type PictureExport = Extract<ExportKind, 'preview' | 'extraction' | 'red-green'>;

export const isPicture = (kind: ExportKind): kind is PictureExport =>
  kind === 'preview' || kind === 'extraction' || kind === 'red-green';

export type { ExportedFile, ExportOptions, ExportSource } from './exported-file.js';
export type { ExportKind } from './kinds.js';

const EXPORTS: Readonly<
  Record<ExportKind, (source: ExportSource, options: ExportOptions) => Promise<ExportedFile>>
> = {
  'new-fits': exportNewFits,
  'image-rd': exportImageRd,
  rdls: exportRdls,
  preview: exportPreview,
  extraction: exportExtraction,
  'red-green': exportRedGreen,
  calibration: exportCalibration,
};

/**
 * @throws AstroJobsError `not_found` when the job has not what the export is made of (no solution, no pixels); what
 * `openImage` throws
 */
export function exportFile(
  kind: ExportKind,
  source: ExportSource,
  options: ExportOptions = {},
): Promise<ExportedFile> {
  return EXPORTS[kind](source, options);
}
