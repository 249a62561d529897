import type { SolveParams } from '../../job/param-table.js';
import { scaleUnit } from '../../job/scale-units.js';
import { fieldGeometry } from '../../wcs/geometry.js';
import type { Wcs } from '../../wcs/wcs.js';
import { userScale } from '../search/bounds.js';

/** A fit may move the scale a little beyond the bound within which the field was found. */
const TOLERANCE = 1.02;

/**
 * Whether a fisheye solution is as wide as the caller says: bounds of the width are compared with the degrees along the middle row, since scale and
 * width have no fixed ratio here; those of the scale with the scale at the middle.
 */
export function respectsWidth(wcs: Wcs, params: SolveParams): boolean {
  const { scale_low, scale_high, scale_units } = params;
  const bounds = userScale(params, wcs.width);
  if (!bounds) return true;
  const { fov_deg, pixscale_arcsec } = fieldGeometry(wcs, { rowOrder: 'top-down' });
  const within = (value: number, low: number, high: number) =>
    value >= low / TOLERANCE && value <= high * TOLERANCE;
  if (within(pixscale_arcsec, bounds.low, bounds.high)) return true;
  if (scale_units === 'arcsecperpix') return false;
  const widths = [scale_low, scale_high].map((value) =>
    value === null ? undefined : scaleUnit(scale_units).widthDeg(value, wcs.width),
  );
  const [low = 0, high = Number.POSITIVE_INFINITY] = scaleUnit(scale_units).inverse
    ? widths.reverse()
    : widths;
  return within(fov_deg[0], low, high);
}
