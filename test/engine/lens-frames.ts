import type { SolveSuccess } from '../../src/engine/question.js';
import type { StarCatalog } from '../../src/engine/star-catalog.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { type FieldOptions, type RenderedField, renderField } from './fields.js';

export const [WIDTH, HEIGHT] = [1500, 1000];

/**
 * A lens of `width_deg` that bends one way half-way out and back in the corners, which it moves by `corner_px`: distance from the middle for an angle
 * from the axis, both in focal lengths.
 */
export function moustache(corner_px: number, width_deg: number): (angle: number) => number {
  const half = Math.hypot(WIDTH, HEIGHT) / 2;
  const focal = WIDTH / 2 / Math.tan((width_deg * Math.PI) / 360);
  const bend = corner_px / half;
  return (angle) => {
    const wanted = (focal * Math.tan(angle)) / half;
    let rho = wanted;
    for (let step = 0; step < 20; step++) {
      const value = rho + bend * (-1.5 * rho ** 3 + 2.5 * rho ** 5) - wanted;
      rho -= value / (1 + bend * (-4.5 * rho ** 2 + 12.5 * rho ** 4));
    }
    return (rho * half) / focal;
  };
}

export interface LensFrameOptions extends FieldOptions {
  corner_px: number;
  width_deg: number;
}

/** A picture through that lens. */
export function lensFrame(
  catalog: StarCatalog,
  seed: number,
  { corner_px, width_deg, ...options }: LensFrameOptions,
): RenderedField {
  const projection = moustache(corner_px, width_deg);
  return renderField(catalog, seed, {
    width: WIDTH,
    height: HEIGHT,
    width_deg,
    projection,
    furthest: 1.2,
    parity: 1,
    ...options,
  });
}

/** How far a solution is off over the image, corners included: root mean square, pixels. */
export function errorOver({ wcs }: Pick<SolveSuccess, 'wcs'>, field: RenderedField): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i <= 12; i++)
    for (let j = 0; j <= 8; j++) {
      const [x, y] = [0.5 + (i * WIDTH) / 12, 0.5 + (j * HEIGHT) / 8];
      const at = field.pixelOf(...pixelToSky(wcs, x, y));
      sum += at ? (at[0] - x) ** 2 + (at[1] - y) ** 2 : Number.POSITIVE_INFINITY;
      count++;
    }
  return Math.sqrt(sum / count);
}
