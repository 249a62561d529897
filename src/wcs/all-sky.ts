import type { Point } from './display.js';
import { DEG, destination, normalizeRa, normalizeSigned, RAD } from './sphere.js';
import type { SkyView } from './view.js';

/** The whole sky in an ellipse twice as wide as high. */
export interface AllSkyView extends SkyView {
  /** Middle of the ellipse, and its half axes. */
  ellipse: { cx: number; cy: number; rx: number; ry: number };
}

/**
 * A view of the whole sky after Hammer (equal areas), east to the left as the sky is seen; `margin` pixels are left around it.
 *
 * @param ra_deg right ascension of the middle
 */
export function allSkyView(width: number, margin: number, ra_deg = 0): AllSkyView {
  const rx = width / 2 - margin;
  const ry = rx / 2;
  const height = 2 * (ry + margin);
  const [cx, cy] = [width / 2, height / 2];
  const fromSky = (ra: number, dec: number): Point => {
    const half = (normalizeSigned(ra - ra_deg) * RAD) / 2;
    const delta = dec * RAD;
    // Snyder, Map Projections (1987), p. 182, scaled to half axes of 1.
    const k = 1 / Math.sqrt(1 + Math.cos(delta) * Math.cos(half));
    return [cx - rx * k * Math.cos(delta) * Math.sin(half), cy - ry * k * Math.sin(delta)];
  };
  const toSky = (x: number, y: number): [number, number] => {
    const [u, v] = [(cx - x) / rx, (cy - y) / ry];
    if (u * u + v * v > 1) return [Number.NaN, Number.NaN];
    const z = Math.sqrt(1 - (u * u + v * v) / 2);
    const half = Math.atan2(Math.SQRT2 * z * u, 2 * z * z - 1);
    return [
      normalizeRa(ra_deg + 2 * half * DEG),
      Math.asin(Math.max(-1, Math.min(1, Math.SQRT2 * z * v))) * DEG,
    ];
  };
  return {
    width,
    height,
    visible: { x: 0, y: 0, width, height },
    fromSky,
    toSky,
    contains: ([x, y], away = 0) => ((x - cx) / (rx - away)) ** 2 + ((y - cy) / (ry - away)) ** 2 <= 1 + 1e-9,
    circle: (ra, dec, radius, steps) =>
      Array.from({ length: steps }, (_, i) => fromSky(...destination(ra, dec, (360 * i) / steps, radius))),
    torn: ([x1], [x2]) => Math.abs(x1 - x2) > rx / 2,
    scale: (rx * RAD) / (2 * Math.SQRT2),
    center: [normalizeRa(ra_deg), 0],
    ellipse: { cx, cy, rx, ry },
  };
}
