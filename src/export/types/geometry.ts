// Written by `npm run derive` from the schemas.
import type { ImageKind } from '../../image/image.js';
import type { RowOrder } from '../../wcs/display.js';
import type { Wcs } from '../../wcs/types/wcs.js';

/** How the image of a job lies, and where it looks. */
export interface JobGeometry {
  /** The image as it is stored. */
  image: {
    /** The kind of file, such as `jpeg` or `fits`. */
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
