import type { SolveParams } from '../../job/param-table.js';
import { type ScaleUnits, scaleUnit } from '../../job/scale-units.js';

/** Bounds of the pixel scale, arcseconds per pixel of the original image. */
export interface ScaleBounds {
  /** At least. */
  low: number;
  /** At most. */
  high: number;
}

/** A circle on the sky, degrees J2000. */
export interface SkyCircle {
  ra_deg: number;
  dec_deg: number;
  radius_deg: number;
}

/** Image widths, degrees, that are searched when nothing else is said: solve-field's own. */
export const WIDTH_LIMITS_DEG = [0.1, 180] as const;

const ARCSEC_PER_DEGREE = 3600;
const ARCSEC_PER_RADIAN = 648_000 / Math.PI;
/** Above this width a flat image has no meaningful scale at its centre. */
const WIDEST_FLAT_DEG = 150;

/**
 * Scale at the centre, arcseconds per pixel, of an image of that width. Programs disagree about very wide ones: divided
 * evenly over the pixels, or as a lens projects it on a flat sensor, which is larger towards the middle.
 */
function scalesOfWidth(width_deg: number, width: number): { even: number; flat: number } {
  const even = (width_deg * ARCSEC_PER_DEGREE) / width;
  const half = (Math.min(width_deg, WIDEST_FLAT_DEG) * Math.PI) / 360;
  return { even, flat: Math.max(even, (2 * Math.tan(half) * ARCSEC_PER_RADIAN) / width) };
}

/** Arcseconds per pixel that a bound in some units stands for, so that nothing is cut off under either reading. */
function scaleOf(value: number, units: ScaleUnits, width: number, side: 'low' | 'high'): number {
  const width_deg = units === 'arcsecperpix' ? undefined : scaleUnit(units).widthDeg(value, width);
  if (width_deg === undefined) return value;
  const { even, flat } = scalesOfWidth(width_deg, width);
  return side === 'low' ? even : flat;
}

/** The caller's bounds of the scale for an image of that width; absent when none was given. Never relaxed. */
export function userScale(
  params: Pick<SolveParams, 'scale_low' | 'scale_high' | 'scale_units'>,
  width: number,
): ScaleBounds | undefined {
  const { scale_low, scale_high, scale_units: units } = params;
  if (scale_low === null && scale_high === null) return undefined;
  const [small, large] = scaleUnit(units).inverse ? [scale_high, scale_low] : [scale_low, scale_high];
  const widest = widestScale(width);
  return {
    low: small === null ? widest.low : scaleOf(small, units, width, 'low'),
    high: large === null ? widest.high : scaleOf(large, units, width, 'high'),
  };
}

/** Every scale that is searched in an image of that width. */
export function widestScale(width: number): ScaleBounds {
  const [narrowest, widest] = WIDTH_LIMITS_DEG;
  return { low: scalesOfWidth(narrowest, width).even, high: scalesOfWidth(widest, width).even };
}

/** What both allow; undefined when they exclude each other. */
export function commonScale(a: ScaleBounds, b: ScaleBounds): ScaleBounds | undefined {
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  return low <= high ? { low, high } : undefined;
}

/** The caller's search circle. */
export function userPosition(params: Pick<SolveParams, 'ra' | 'dec' | 'radius'>): SkyCircle | undefined {
  const { ra, dec, radius } = params;
  return ra === null || dec === null || radius === null
    ? undefined
    : { ra_deg: ra, dec_deg: dec, radius_deg: radius };
}
