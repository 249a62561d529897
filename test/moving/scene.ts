import * as sgp4 from 'satellite.js';
import { momentOf } from '../../src/ephemeris/moment.js';
import { observerAt, sightOf } from '../../src/ephemeris/observer.js';
import { GAUSS, type Orbit, twoBody } from '../../src/ephemeris/orbit.js';
import { SatelliteSky } from '../../src/moving/satellites.js';
import { separation } from '../../src/wcs/sphere.js';
import { directionOf } from '../../src/wcs/vector.js';
import { seededRandom } from '../sky/random.js';
import { type SatelliteElements, tleOf } from './tle-lines.js';

export type Place = readonly [ra_deg: number, dec_deg: number];

export const SITE = { lat: 48, lon: 11, alt: 500 };

/** The numbers that make `far` least: the best of many at random, then the better of two neighbours, one number after another. */
function search(
  from: readonly number[],
  spread: readonly number[],
  seed: number,
  far: (numbers: number[]) => number,
): number[] {
  const random = seededRandom(seed);
  let best = [...from];
  let least = far(best);
  const attempt = (numbers: number[]) => {
    const miss = far(numbers);
    if (!(miss < least)) return false;
    [best, least] = [numbers, miss];
    return true;
  };
  for (let i = 0; i < 4000; i++)
    attempt(from.map((value, k) => value + (random.uniform() - 0.5) * (spread[k] ?? 0)));
  for (let step = 1; step > 1e-6; ) {
    const better = best.some((_, k) =>
      [step, -step].some((by) => attempt(best.map((value, j) => value + (j === k ? by : 0)))),
    );
    if (!better) step /= 2;
  }
  return best;
}

const digits = (value: number, width: number, decimals: number) => value.toFixed(decimals).padStart(width);
const turned = (degrees: number) => ((degrees % 360) + 360) % 360;

/** A line of MPCORB for an asteroid that stands at a place on 2020 May 31 at a time of the day. */
export function asteroidAt(place: Place, utc: string, name: string, h = 12): string {
  const moment = momentOf(Date.parse(utc));
  const observer = observerAt(moment, SITE);
  const epoch = 7455.5;
  const [a, e, i] = [2.6, 0.12, 38];
  const orbit = ([node = 0, perihelion = 0, anomaly = 0]: number[]): Orbit => ({
    q: a * (1 - e),
    eccentricity: e,
    inclination_deg: i,
    node_deg: node,
    perihelion_deg: perihelion,
    passage: epoch - (anomaly * Math.PI) / 180 / (GAUSS * a ** -1.5),
  });
  const [node = 0, perihelion = 0, anomaly = 0] = search([180, 180, 180], [360, 360, 360], 7, (numbers) => {
    const [ra, dec] = directionOf(sightOf(twoBody(orbit(numbers)), observer, moment).seen);
    return separation(ra, dec, ...place);
  });
  const angles = [anomaly, perihelion, node].map((angle) => digits(turned(angle), 9, 5)).join('  ');
  const start = `99999   ${digits(h, 5, 2)}  0.15 K205V ${angles}  ${digits(i, 9, 5)}  ${digits(e, 9, 7)} ${digits((GAUSS * a ** -1.5 * 180) / Math.PI, 11, 8)} ${digits(a, 11, 7)}`;
  return `${start.padEnd(166)}${`(99999) ${name}`.padEnd(28)}20200601`;
}

/** A line of a comet that stands at a place at a moment. */
export function cometAt(place: Place, utc: string, name: string, m1 = 8): string {
  const moment = momentOf(Date.parse(utc));
  const observer = observerAt(moment, SITE);
  const [q, e] = [1.2, 1.0002];
  const orbit = ([node = 0, perihelion = 0, inclination = 0]: number[]): Orbit => ({
    q,
    eccentricity: e,
    inclination_deg: inclination,
    node_deg: node,
    perihelion_deg: perihelion,
    passage: 7455.5 + 20.25,
  });
  const [node = 0, perihelion = 0, inclination = 0] = search(
    [180, 180, 90],
    [360, 360, 160],
    9,
    (numbers) => {
      const [ra, dec] = directionOf(sightOf(twoBody(orbit(numbers)), observer, moment).seen);
      return separation(ra, dec, ...place);
    },
  );
  const angles = `${digits(turned(perihelion), 8, 4)}  ${digits(turned(node), 8, 4)}  ${digits(inclination, 8, 4)}`;
  return `    CK20A010  2020 06 20.2500  ${digits(q, 8, 6)}  ${digits(e, 8, 6)}  ${angles}  20200531  ${digits(m1, 4, 1)}  4.0  ${name}`;
}

/** Two lines of a satellite that passes a place at a moment of 2020. */
export function satelliteAt(place: Place, utc: string, name: string, motion = 14.2): string {
  const moment = momentOf(Date.parse(utc));
  const sky = new SatelliteSky(sgp4, SITE, moment);
  const day = (moment.ms - Date.UTC(2020, 0, 1)) / 86_400_000 + 1;
  const elements = ([node = 0, anomaly = 0]: number[]): SatelliteElements => ({
    number: 99_001,
    name,
    epoch: { year: 2020, day },
    inclination_deg: 98.1,
    node_deg: turned(node),
    eccentricity: 0.001,
    perigee_deg: 30,
    anomaly_deg: turned(anomaly),
    motion,
  });
  const lines = (numbers: number[]) => {
    const [, line1, line2] = tleOf(elements(numbers));
    return { name, id: '99001', line1, line2 };
  };
  const found = search([180, 180], [360, 360], 5, (numbers) => {
    const sight = sky.sight(sky.record(lines(numbers)), moment);
    // Below the horizon it has the Earth before it.
    return sight && sight.distance_km < 3500 ? separation(sight.ra_deg, sight.dec_deg, ...place) : 360;
  });
  return tleOf(elements(found)).join('\n');
}
