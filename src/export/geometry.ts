import { parseHeader } from '../fits/header.js';
import type { OpenedImage } from '../image/image.js';
import { parseWcs } from '../wcs/parse.js';
import type { Wcs } from '../wcs/wcs.js';
import { type PictureSource, requiredFile } from './exported-file.js';
import type { JobGeometry } from './types/geometry.js';

export type { JobGeometry } from './types/geometry.js';

/** @throws AstroJobsError `corrupt_image` when the solution cannot be read */
export async function geometryOf(
  { kind, width, height, rowOrder, exifOrientation }: OpenedImage,
  source: Pick<PictureSource, 'file'>,
): Promise<JobGeometry> {
  const image = { kind, width, height, row_order: rowOrder, exif_orientation: exifOrientation };
  const wcs = await readSolution(source);
  // A list of stars may not say of what size the image was; its solution does.
  return wcs
    ? { image: { ...image, width: width || wcs.width, height: height || wcs.height }, wcs }
    : { image };
}

/** The plate solution that a job has left. */
export async function readSolution(source: Pick<PictureSource, 'file'>): Promise<Wcs | undefined> {
  if (!(await source.file('solution.wcs'))) return undefined;
  return parseWcs(parseHeader(await requiredFile(source, 'solution.wcs')));
}
