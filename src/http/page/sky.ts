import { type Astrometry, type Geometry, pixelToSky, skyToPixel, type Wcs } from '../../client/index.js';
import { type Frame, frameOf, type Point } from './frame.js';

/** The picture and the sky behind it. */
export interface Sky {
  frame: Frame;
  /** [RA, Dec] in degrees, where the picture has a solution. */
  at(point: Point): [number, number] | undefined;
  place(ra_deg: number, dec_deg: number): Point | undefined;
}

/** Older results have no WCS file: what they say of the centre makes a plain tangent plane. */
function planeOf({ ra_center, dec_center, cd_matrix }: Astrometry, { image }: Geometry): Wcs | undefined {
  if (!cd_matrix) return undefined;
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
  const frame = frameOf(geometry.image);
  const wcs = geometry.wcs ?? (astrometry && planeOf(astrometry, geometry));
  return {
    frame,
    at: (point) => (wcs ? pixelToSky(wcs, ...frame.toPixel(point)) : undefined),
    place(ra_deg, dec_deg) {
      const pixel = wcs && skyToPixel(wcs, ra_deg, dec_deg);
      return pixel && frame.toPicture(...pixel);
    },
  };
}
