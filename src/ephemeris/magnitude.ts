import { RAD } from '../wcs/sphere.js';
import { angleBetween, norm } from '../wcs/vector.js';
import type { Sight } from './observer.js';

/**
 * Apparent V of an asteroid by the H, G system (Bowell and others 1989, in Asteroids II, 524).
 * @param slope G
 */
export function asteroidMagnitude(h: number, slope: number, { seen, fromSun }: Sight): number {
  const half = Math.tan((angleBetween(fromSun, seen) * RAD) / 2);
  const [first, second] = [Math.exp(-3.33 * half ** 0.63), Math.exp(-1.87 * half ** 1.22)];
  const phase = -2.5 * Math.log10((1 - slope) * first + slope * second);
  return h + 5 * Math.log10(norm(seen) * norm(fromSun)) + phase;
}

/** Total magnitude of a comet: M1 + 5·log Δ + K1·log r. */
export function cometMagnitude(m1: number, k1: number, { seen, fromSun }: Sight): number {
  return m1 + 5 * Math.log10(norm(seen)) + k1 * Math.log10(norm(fromSun));
}
