import { AstroJobsError } from '../job/errors.js';
import { exportAvm, exportXmp } from './avm.js';
import { exportCalibration } from './calibration.js';
import type { ExportOptions, ExportSource } from './export-source.js';
import { type ExportedFile, type MadeFile, stemOf } from './exported-file.js';
import { EXPORT_FORMATS, type ExportKind } from './formats.js';
import { readSolution } from './geometry.js';
import { exportIni } from './ini.js';
import { exportKml, exportKmz } from './kml.js';
import { exportQualityMap, exportStarsCsv } from './measured.js';
import { exportRegions } from './regions.js';
import { exportImageRd, exportRdls } from './sky-tables.js';
import { exportDrawing, exportResult, exportWcs } from './stored.js';

type Make = (source: ExportSource, options: ExportOptions) => Promise<MadeFile>;

const picture =
  (kind: Parameters<ExportSource['picture']>[0]): Make =>
  (source, options) =>
    source.picture(kind, options);

const MAKERS: Readonly<Record<ExportKind, Make>> = {
  json: exportResult,
  wcs: exportWcs,
  'new-fits': (source, options) => source.fits(options),
  jpeg: exportDrawing('jpeg'),
  png: exportDrawing('png'),
  webp: exportDrawing('webp'),
  svg: exportDrawing('svg'),
  ds9: exportRegions,
  kml: exportKml,
  kmz: exportKmz,
  avm: exportAvm,
  xmp: exportXmp,
  ini: exportIni,
  preview: picture('preview'),
  thumbnail: picture('thumbnail'),
  extraction: picture('extraction'),
  'red-green': picture('red-green'),
  'image-rd': exportImageRd,
  rdls: exportRdls,
  calibration: exportCalibration,
  'quality-map': exportQualityMap,
  'stars-csv': exportStarsCsv,
};

/**
 * @throws AstroJobsError `not_found` when the job has not what the export is made of (no solution, no pixels), `unsupported_export` when
 * the format cannot hold its plate solution; what `openImage` throws
 */
export async function exportFile(
  kind: ExportKind,
  source: ExportSource,
  options: ExportOptions = {},
): Promise<ExportedFile> {
  const format = EXPORT_FORMATS[kind];
  const wcs = format.refuses && (await readSolution(source));
  const why = wcs && format.refuses?.(wcs);
  if (why !== undefined) throw new AstroJobsError('unsupported_export', why);
  const {
    contentType = format.contentType,
    ending = format.ending,
    size,
    read,
  } = await MAKERS[kind](source, options);
  return { name: `${stemOf(options.filename ?? source.filename)}${ending}`, contentType, size, read };
}
