import type { ImageQuality, QualityCell } from '../job/measured.js';
import { stepPositionAngle } from '../wcs/geometry.js';
import { DEG, RAD } from '../wcs/sphere.js';
import { pixelToSky } from '../wcs/tan-sip.js';
import type { MeasuredImage } from './measured-image.js';
import { type Ellipse, FWHM_PER_SIGMA } from './shape.js';

/** Rounder stars are not drawn out. */
const LEAST_ELLIPTICITY = 0.1;
/** Where the parts of an image differ by more, it is the optics that draws stars out. */
const ONE_DIRECTION_DEG = 25;
/** Arcseconds that the sky turns by in a second, at the equator. */
const SIDEREAL = 15.041;

/** How far stars are drawn out in one direction: a line of length L adds L²/12 to the second moment along it. */
export function trailingOf(
  ellipse: Ellipse,
  cells: readonly QualityCell[],
  { wcs, pixscale_arcsec, exposure }: MeasuredImage,
): ImageQuality['trailing'] {
  const { ellipticity, angle_rad, fwhm } = ellipse;
  if (ellipticity < LEAST_ELLIPTICITY) return undefined;
  const known = cells.filter((cell) => cell.ellipticity !== undefined);
  const agreeing = known.filter(
    ({ angle_deg }) => angle_deg !== undefined && apart(angle_deg, angle_rad * DEG) <= ONE_DIRECTION_DEG,
  );
  if (known.length === 0 || agreeing.length < 0.7 * known.length) return undefined;
  const ratio = 1 - ellipticity;
  const variance = (fwhm / FWHM_PER_SIGMA) ** 2;
  const length_px = Math.sqrt(12 * variance * (1 / ratio - ratio));
  const [x, y] = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
  const [, dec] = pixelToSky(wcs, x, y);
  const along = stepPositionAngle(wcs, x, y, Math.cos(angle_rad), Math.sin(angle_rad));
  const turned = exposure === undefined ? undefined : SIDEREAL * exposure * Math.cos(dec * RAD);
  return {
    length_px,
    length_arcsec: length_px * pixscale_arcsec,
    position_angle_deg: (along + 360) % 180,
    ...(turned !== undefined && {
      sidereal: { length_px: turned / pixscale_arcsec, length_arcsec: turned, position_angle_deg: 90 },
    }),
  };
}

/** Between two directions that have no sense, degrees, 0 to 90. */
function apart(a: number, b: number): number {
  const turn = Math.abs(a - b) % 180;
  return Math.min(turn, 180 - turn);
}
