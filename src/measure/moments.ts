// biome-ignore-all lint/style/noNonNullAssertion: windows are kept inside the image.
import type { GreyImage } from '../image/image.js';

/** Centre and second moments of a star's light, pixels of the plane (0-based) and their squares. */
export interface Moments {
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/** Share of the star's own width that the window has: nearer to the half maximum of stars with wide wings than a window of the same width. */
const WINDOW = 0.5;
/** Variance of the window along no axis less, square pixels: a narrower one depends on where in its pixel a star stands. */
const NARROWEST = 0.9;
const WINDOW_SIGMAS = 3;
const MOST_ROUNDS = 25;
const SETTLED = 2e-3;
const MOST_RADIUS = 40;
/** A star of larger second moments, square pixels, is out of focus beyond measure. */
const MOST_VARIANCE = 180;
/** Second moment of a square pixel. */
export const PIXEL_MOMENT = 1 / 12;

/**
 * Second moments of a star under an elliptical Gaussian window of half its own size, found in rounds (adaptive moments, Bernstein & Jarvis 2002, AJ
 * 123, 583): with Q under the window W they are (Q⁻¹ − W⁻¹)⁻¹, exact for a Gaussian under any window. Those of the pixel are taken off.
 * @param start where the star was found, and a guess of its variance along one axis
 * @param sky level under it
 * @returns undefined for what has no such moments: a lone pixel, a bump on a slope, what reaches over the rim
 */
export function momentsOf(
  { data, width, height }: GreyImage,
  start: { x: number; y: number; variance: number },
  sky: number,
): Moments | undefined {
  const guess = Math.min(Math.max(start.variance, 0.7), 40);
  let { x, y } = start;
  let [xx, xy, yy] = [guess, 0, guess];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const mean = (xx + yy) / 2;
    const least = mean - Math.hypot((xx - yy) / 2, xy);
    const more = Math.max(0, NARROWEST - WINDOW * least);
    const [wxx, wxy, wyy] = [WINDOW * xx + more, WINDOW * xy, WINDOW * yy + more];
    const det = wxx * wyy - wxy * wxy;
    const [ixx, ixy, iyy] = [wyy / det, -wxy / det, wxx / det];
    const [reachX, reachY] = [WINDOW_SIGMAS * Math.sqrt(wxx), WINDOW_SIGMAS * Math.sqrt(wyy)];
    if (reachX > MOST_RADIUS || reachY > MOST_RADIUS) return undefined;
    const [left, right] = [Math.floor(x - reachX), Math.ceil(x + reachX)];
    const [top, bottom] = [Math.floor(y - reachY), Math.ceil(y + reachY)];
    if (!(left >= 0 && top >= 0 && right < width && bottom < height)) return undefined;
    let [sum, sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0, 0];
    // From one pixel of a row to the next the window falls by a factor, which itself falls by this one.
    const fall = Math.exp(-ixx);
    for (let j = top; j <= bottom; j++) {
      const dy = j - y;
      // Of the pixels of this row that are in the window: of ixx·dx² + 2·ixy·dx·dy + iyy·dy² ≤ WINDOW_SIGMAS².
      const middle = (-ixy * dy) / ixx;
      const half2 = (WINDOW_SIGMAS ** 2 - (dy * dy) / wyy) / ixx;
      if (half2 < 0) continue;
      const half = Math.sqrt(half2);
      const end = Math.floor(x + middle + half);
      let i = Math.ceil(x + middle - half);
      let dx = i - x;
      let window = Math.exp(-0.5 * (ixx * dx * dx + 2 * ixy * dx * dy + iyy * dy * dy));
      let factor = Math.exp(-0.5 * ixx * (2 * dx + 1) - ixy * dy);
      let [row, rowX, rowXX] = [0, 0, 0];
      for (; i <= end; i++, dx++) {
        const light = window * (data[j * width + i]! - sky);
        row += light;
        rowX += light * dx;
        rowXX += light * dx * dx;
        window *= factor;
        factor *= fall;
      }
      sum += row;
      sumX += rowX;
      sumY += row * dy;
      sumXX += rowXX;
      sumXY += rowX * dy;
      sumYY += row * dy * dy;
    }
    if (!(sum > 0)) return undefined;
    const [mx, my] = [sumX / sum, sumY / sum];
    const q = inverse(sumXX / sum - mx * mx, sumXY / sum - mx * my, sumYY / sum - my * my);
    const found = q && inverse(q.xx - ixx, q.xy - ixy, q.yy - iyy);
    if (!found || found.xx + found.yy > 2 * MOST_VARIANCE) return undefined;
    // The centre under the window moves by the share of the window in the sum of the two widths.
    x += mx + ((found.xx * ixx + found.xy * ixy) * mx + (found.xx * ixy + found.xy * iyy) * my);
    y += my + ((found.xy * ixx + found.yy * ixy) * mx + (found.xy * ixy + found.yy * iyy) * my);
    if (Math.hypot(x - start.x, y - start.y) > 2 + Math.sqrt(mean)) return undefined;
    const change = Math.abs(found.xx - xx) + Math.abs(found.xy - xy) + Math.abs(found.yy - yy);
    ({ xx, xy, yy } = found);
    if (change > SETTLED * (xx + yy)) continue;
    const free = { x, y, xx: xx - PIXEL_MOMENT, xy, yy: yy - PIXEL_MOMENT };
    return free.xx * free.yy - xy * xy > 0 && free.xx > 0 ? free : undefined;
  }
  return undefined;
}

/** Of a positive symmetric matrix. */
function inverse(xx: number, xy: number, yy: number): { xx: number; xy: number; yy: number } | undefined {
  const det = xx * yy - xy * xy;
  if (!(det > 0 && xx > 0)) return undefined;
  return { xx: yy / det, xy: -xy / det, yy: xx / det };
}
