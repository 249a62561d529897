import { asteroidMagnitude, cometMagnitude } from '../ephemeris/magnitude.js';
import type { Sight } from '../ephemeris/observer.js';
import type { Orbit } from '../ephemeris/orbit.js';

/** An asteroid or comet. */
export interface SmallBody {
  kind: 'asteroid' | 'comet';
  name: string;
  /** Number or designation. */
  id: string;
  names: string[];
  orbit: Orbit;
  /** For which the orbit was osculating: days of TT since J2000.0. */
  epoch: number;
  /** H, or M1 of a comet; NaN when unknown. */
  absolute: number;
  /** G, or K1 of a comet. */
  slope: number;
}

/** Apparent magnitude; NaN when unknown. */
export function magnitudeOf({ kind, absolute, slope }: SmallBody, sight: Sight): number {
  return kind === 'comet'
    ? cometMagnitude(absolute, slope, sight)
    : asteroidMagnitude(absolute, slope, sight);
}

/** Arcseconds by which a body of the main belt is off a month from the epoch of its elements, since only the Sun attracts it here. */
const MONTH_ERROR_ARCSEC = 1;

/**
 * How far off a place by two bodies may be, arcseconds: it grows with the square of the time from the epoch, and lies nearer the closer
 * the body is. Measured on published places of asteroids (test/moving/published.test.ts).
 * @param days from the epoch
 */
export const twoBodyError = (days: number, distance_au: number) =>
  (MONTH_ERROR_ARCSEC * (0.25 + (days / 30) ** 2)) / Math.min(1, distance_au);
