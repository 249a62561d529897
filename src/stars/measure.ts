// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { GreyImage } from '../image/image.js';
import { at, type Background } from './background.js';
import type { Star } from './star.js';

/** A local maximum above the threshold: its pixel, and its height above the background. */
export interface Peak {
  index: number;
  height: number;
}

/** Pixels above half the height that a star may have at most; more is a moon, a lamp, a nebula. */
const MAX_AREA = 4000;
/** The same for a peak close to the noise, whose half height is lost in any structure of the sky. */
const MAX_FAINT_AREA = 400;
/** Second moment of a square pixel. */
const PIXEL_MOMENT = 1 / 12;
/** A peak this many times the noise is no longer faint. */
const FAINT_SIGMAS = 20;

// Pixels are read inside the image below: a peak is no pixel of the rim, a region ends where it touches the rim, and a window
// that would reach over it is not used. `stack` holds all pixels up to `found`.

/** What is known of one image while its peaks are measured, brightest first. */
export interface Measuring {
  image: GreyImage;
  smooth: Float32Array;
  mesh: Background;
  /** Which peak each pixel belongs to, from 1; 0 for the sky. */
  owner: Int32Array;
  peaks: number;
  stack: Int32Array;
}

export function beginMeasuring(image: GreyImage, smooth: Float32Array, mesh: Background): Measuring {
  const owner = new Int32Array(smooth.length);
  return { image, smooth, mesh, owner, peaks: 0, stack: new Int32Array(MAX_AREA + 4) };
}

/**
 * Measures one peak on the connected pixels above half its height. Undefined for a bump on the flank of a brighter
 * one (its half height runs into that one's), for what is too large for a star, and for what touches the rim.
 */
export function measure(state: Measuring, peak: Peak): Star | undefined {
  const { image, smooth, mesh, owner, stack } = state;
  const { width, height } = image;
  if (owner[peak.index] !== 0) return undefined;
  const own = ++state.peaks;
  const px = peak.index % width;
  const py = (peak.index - px) / width;
  const background = at(mesh, mesh.level, px, py);
  const level = background + peak.height / 2;
  const faint = peak.height < FAINT_SIGMAS * at(mesh, mesh.noise, px, py);
  const maxArea = faint ? MAX_FAINT_AREA : MAX_AREA;

  let found = 1;
  stack[0] = peak.index;
  owner[peak.index] = own;
  let [left, right, top, bottom] = [px, px, py, py];
  let [sum, sumX, sumY] = [0, 0, 0];
  let [plainX, plainY] = [0, 0];
  let [sumXX, sumXY, sumYY] = [0, 0, 0];
  for (let done = 0; done < found; done++) {
    const index = stack[done]!;
    const x = index % width;
    const y = (index - x) / width;
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return undefined;
    const weight = smooth[index]! - level;
    sum += weight;
    sumX += weight * (x - px);
    sumY += weight * (y - py);
    sumXX += (x - px) ** 2;
    sumXY += (x - px) * (y - py);
    sumYY += (y - py) ** 2;
    plainX += x - px;
    plainY += y - py;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
    for (let side = 0; side < 4; side++) {
      const next =
        side === 0 ? index - 1 : side === 1 ? index + 1 : side === 2 ? index - width : index + width;
      if (!(smooth[next]! > level) || owner[next] === own) continue;
      if (owner[next] !== 0 || found === maxArea) return undefined;
      owner[next] = own;
      stack[found++] = next;
    }
  }
  const centre = windowedCentre(state, px + sumX / sum, py + sumY / sum, background, found);
  const { ratio, length, angle_rad } = ellipse(
    sumXX / found - (plainX / found) ** 2,
    sumXY / found - (plainX * plainY) / found ** 2,
    sumYY / found - (plainY / found) ** 2,
  );
  const sides = [right - left + 1, bottom - top + 1];
  return {
    x: (centre.x + 0.5) * image.scale[0] + 0.5,
    y: (centre.y + 0.5) * image.scale[1] + 0.5,
    peak: peak.height,
    background,
    area: found,
    elongation: Math.max(...sides) / Math.min(...sides),
    trail: ratio,
    length_px: length * Math.sqrt(image.scale[0] * image.scale[1]),
    angle_rad,
    sharpness: sharpness(image, px, py, background),
  };
}

/**
 * The centroid under a Gaussian window as wide as the star, moved along with it (Bertin & Arnouts' XWIN, three
 * rounds); falls back to the start when it wanders off.
 */
function windowedCentre(
  { image, smooth }: Measuring,
  startX: number,
  startY: number,
  background: number,
  area: number,
): { x: number; y: number } {
  const sigma = Math.max(Math.sqrt((4 * area) / Math.PI) / 2.355, 0.8);
  // A wide one is saturated or out of focus: its shape is no Gaussian, and its half-height region is large enough.
  if (sigma > 4) return { x: startX, y: startY };
  const radius = Math.ceil(2.5 * sigma);
  let x = startX;
  let y = startY;
  for (let round = 0; round < 3; round++) {
    const cx = Math.round(x);
    const cy = Math.round(y);
    if (cx < radius || cy < radius || cx >= image.width - radius || cy >= image.height - radius) break;
    let [sum, sumX, sumY] = [0, 0, 0];
    for (let j = cy - radius; j <= cy + radius; j++) {
      for (let i = cx - radius; i <= cx + radius; i++) {
        const dx = i - x;
        const dy = j - y;
        const weight =
          Math.exp((dx * dx + dy * dy) / (-2 * sigma * sigma)) * (smooth[j * image.width + i]! - background);
        sum += weight;
        sumX += weight * dx;
        sumY += weight * dy;
      }
    }
    if (!(sum > 0)) break;
    x += (2 * sumX) / sum;
    y += (2 * sumY) / sum;
  }
  const strayed = !(Math.hypot(x - startX, y - startY) < Math.max(sigma, 1));
  return strayed ? { x: startX, y: startY } : { x, y };
}

/** Of the ellipse with these second moments, each pixel being a square of its own: long by short axis, length of a line like it, direction. */
function ellipse(xx: number, xy: number, yy: number): { ratio: number; length: number; angle_rad: number } {
  const mean = (xx + yy) / 2 + PIXEL_MOMENT;
  const half = Math.hypot((xx - yy) / 2, xy);
  return {
    ratio: Math.sqrt((mean + half) / Math.max(PIXEL_MOMENT, mean - half)),
    // The second moment of a line is a twelfth of the square of its length, as that of a pixel.
    length: Math.sqrt((mean + half) / PIXEL_MOMENT),
    angle_rad: (Math.atan2(2 * xy, xx - yy) / 2 + Math.PI) % Math.PI,
  };
}

function sharpness({ data, width }: GreyImage, x: number, y: number, background: number): number {
  const index = y * width + x;
  const sides =
    (data[index - 1]! + data[index + 1]! + data[index - width]! + data[index + width]!) / 4 - background;
  const centre = data[index]! - background;
  return sides > 0 ? centre / sides : Number.POSITIVE_INFINITY;
}
