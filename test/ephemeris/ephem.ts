import type { Moment } from '../../src/ephemeris/moment.js';
import { ask } from './python.js';

export interface EphemPlace {
  astrometric: [number, number];
  magnitude: number;
  /** Degrees east and north of where a star of this astrometric place is seen. */
  from_star: [number, number];
  lit?: number;
  horizontal?: [altitude: number, azimuth: number];
  parallactic?: number;
}
export interface EphemAnswer {
  /** TT − UT that PyEphem takes, seconds. */
  delta_t: number;
  bodies: EphemPlace[];
}

export const askEphem = (question: { dates: string[]; bodies: string[]; site?: object }) =>
  ask<EphemAnswer[]>('ephem', 'bodies.py', question);

const J2000_MS = Date.UTC(2000, 0, 1, 12);

/** The moment as PyEphem has it, which knows no leap seconds after its release. */
export const sameMoment = (iso: string, { delta_t }: EphemAnswer): Moment => ({
  ms: Date.parse(iso),
  tt: (Date.parse(iso) - J2000_MS) / 86_400_000 + delta_t / 86_400,
});
