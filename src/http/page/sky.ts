import type { Astrometry, Geometry, Wcs } from '../../client/index.js';
import { type DisplayFrame, displayFrame, type Size } from '../../wcs/display.js';
import { type SkyView, viewOf } from '../../wcs/view.js';
import type { Zoom } from './zoom.js';

/** The picture and the sky behind it. */
export interface Sky {
  /** The upright picture in its original size. */
  frame: DisplayFrame;
  /** The picture as it lies on a screen; undefined when it has no solution. */
  viewOn(screen: Size, zoom: Zoom): SkyView | undefined;
}

/** Older results have no WCS file: what they say of the centre makes a plain tangent plane. */
function planeOf(
  { ra_center, dec_center, cd_matrix, projection }: Astrometry,
  { image }: Geometry,
): Wcs | undefined {
  if (!cd_matrix || projection) return undefined;
  const { CD1_1, CD1_2, CD2_1, CD2_2 } = cd_matrix;
  return {
    crval: [ra_center, dec_center],
    crpix: [(image.width + 1) / 2, (image.height + 1) / 2],
    cd: [
      [CD1_1, CD1_2],
      [CD2_1, CD2_2],
    ],
    width: image.width,
    height: image.height,
  };
}

export function skyOf(geometry: Geometry, astrometry?: Astrometry): Sky {
  const { row_order, exif_orientation } = geometry.image;
  const frame = displayFrame(geometry.image, { rowOrder: row_order, exifOrientation: exif_orientation });
  const wcs = geometry.wcs ?? (astrometry && planeOf(astrometry, geometry));
  return {
    frame,
    viewOn(screen, { scale, x, y }) {
      const picture = { x, y, width: frame.width * scale, height: frame.height * scale };
      return wcs && viewOf(wcs, frame, screen, picture);
    },
  };
}
