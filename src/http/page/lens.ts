import type { SolveParamsInput } from '../../client/index.js';

/** Widths of sensors, millimetres. */
export const SENSORS: Readonly<Record<string, number>> = {
  'Full frame, 36 mm': 36,
  'APS-C, 23.5 mm': 23.5,
  'APS-C (Canon), 22.3 mm': 22.3,
  'Micro Four Thirds, 17.3 mm': 17.3,
  '1 inch, 13.2 mm': 13.2,
  'Medium format, 43.8 mm': 43.8,
};

/** How far the true scale may be from what is reckoned: focal lengths are rounded, and pictures cropped a little. */
const TOLERANCE = 1.25;

/** The field of a lens in front of a sensor, as bounds of a search. Millimetres. */
export function scaleOfLens(focal: number, sensor: number): SolveParamsInput {
  const width = (360 / Math.PI) * Math.atan(sensor / (2 * focal));
  return bounds(width, 'degwidth');
}

/** The scale of pixels (micrometres) behind a lens (millimetres), as bounds of a search. */
export function scaleOfPixels(focal: number, pixel: number): SolveParamsInput {
  return bounds((206.265 * pixel) / focal, 'arcsecperpix');
}

const bounds = (middle: number, scale_units: 'degwidth' | 'arcsecperpix'): SolveParamsInput => ({
  scale_low: rounded(middle / TOLERANCE),
  scale_high: rounded(middle * TOLERANCE),
  scale_units,
});

const rounded = (value: number) => Number(value.toPrecision(4));
