import { parseHeader } from '../fits/header.js';
import type { ImageKind, OpenedImage, RowOrder } from '../image/image.js';
import { openImage } from '../image/open.js';
import { parseWcs } from '../wcs/parse.js';
import type { Wcs } from '../wcs/wcs.js';
import { type ExportSource, requiredFile } from './exported-file.js';

/** How the image of a job lies, and where it looks. */
export interface JobGeometry {
  image: {
    kind: ImageKind;
    /** Pixels as stored. */
    width: number;
    height: number;
    row_order: RowOrder;
    /** EXIF Orientation, 1 to 8. */
    exif_orientation: number;
  };
  /** The plate solution, when there is one. Pixels follow the FITS convention, in the order of the file. */
  wcs?: Wcs;
}

export async function readGeometry(source: ExportSource): Promise<JobGeometry> {
  const { kind, width, height, rowOrder, exifOrientation } = await openImage(source.imagePath);
  const image = { kind, width, height, row_order: rowOrder, exif_orientation: exifOrientation };
  if (!(await source.file('solution.wcs'))) return { image };
  const wcs = parseWcs(parseHeader(await requiredFile(source, 'solution.wcs')));
  // A list of stars may not say of what size the image was; its solution does.
  return { image: { ...image, width: width || wcs.width, height: height || wcs.height }, wcs };
}

/** From FITS pixels of the stored image to the picture that a person sees, both as fractions of width and height. */
export function toDisplay(image: Pick<OpenedImage, 'width' | 'height' | 'rowOrder' | 'exifOrientation'>) {
  return (x: number, y: number): [number, number] => {
    const u = (x - 0.5) / image.width;
    const v = (y - 0.5) / image.height;
    const down = image.rowOrder === 'bottom-up' ? 1 - v : v;
    return turned(u, down, image.exifOrientation);
  };
}

/** EXIF Orientation: which corner of what is seen the first row and column of what is stored are. */
function turned(u: number, v: number, orientation: number): [number, number] {
  switch (orientation) {
    case 2:
      return [1 - u, v];
    case 3:
      return [1 - u, 1 - v];
    case 4:
      return [u, 1 - v];
    case 5:
      return [v, u];
    case 6:
      return [1 - v, u];
    case 7:
      return [1 - v, 1 - u];
    case 8:
      return [v, 1 - u];
    default:
      return [u, v];
  }
}
