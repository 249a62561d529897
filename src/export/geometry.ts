import { parseHeader } from '../fits/header.js';
import type { ImageKind, OpenedImage } from '../image/image.js';
import type { RowOrder } from '../wcs/display.js';
import { parseWcs } from '../wcs/parse.js';
import type { Wcs } from '../wcs/wcs.js';
import { type PictureSource, requiredFile } from './exported-file.js';

/** How the image of a job lies, and where it looks. */
export interface JobGeometry {
  /** The image as it is stored. */
  image: {
    /** The kind of file. */
    kind: ImageKind;
    /** Pixels as stored. */
    width: number;
    /** Height, pixels as stored. */
    height: number;
    /** Whether the first row of the file is the uppermost of the picture, or the lowest. */
    row_order: RowOrder;
    /** EXIF Orientation, 1 to 8. */
    exif_orientation: number;
  };
  /** The plate solution, when there is one. Pixels follow the FITS convention, in the order of the file. */
  wcs?: Wcs;
}

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
