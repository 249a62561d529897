import { expect, it } from 'vitest';
import { observerAt, sightOf } from '../../src/ephemeris/observer.js';
import { GAUSS, type Orbit, twoBody } from '../../src/ephemeris/orbit.js';
import { daysSinceJ2000 } from '../../src/moving/columns.js';
import { separation } from '../../src/wcs/sphere.js';
import { directionOf, norm } from '../../src/wcs/vector.js';
import { describeWith } from '../needs.js';
import { askEphem, sameMoment } from './ephem.js';

// PyEphem keeps elements in single precision: both get the same numbers.
const f = Math.fround;

interface Case {
  what: string;
  line: string;
  orbit: Orbit;
}

function ellipse(
  what: string,
  a: number,
  e: number,
  i: number,
  node: number,
  perihelion: number,
  anomaly: number,
): Case {
  const epoch = daysSinceJ2000(2020, 5, 31);
  return {
    what,
    line: `x,e,${i},${node},${perihelion},${a},0,${e},${anomaly},05/31.0/2020,2000,H10,0.15`,
    orbit: {
      q: f(a) * (1 - f(e)),
      eccentricity: f(e),
      inclination_deg: f(i),
      node_deg: f(node),
      perihelion_deg: f(perihelion),
      passage: epoch - (f(anomaly) * Math.PI) / 180 / (GAUSS * f(a) ** -1.5),
    },
  };
}

function hyperbola(what: string, q: number, e: number, i: number, node: number, perihelion: number): Case {
  return {
    what,
    line: `x,h,09/20.25/2020,${i},${node},${perihelion},${e},${q},2000,8,4`,
    orbit: {
      q: f(q),
      eccentricity: f(e),
      inclination_deg: f(i),
      node_deg: f(node),
      perihelion_deg: f(perihelion),
      passage: daysSinceJ2000(2020, 9, 20.25),
    },
  };
}

const CASES = [
  ellipse('Ceres', 2.7676569, 0.0775571, 10.58862, 80.28698, 73.73161, 162.68631),
  ellipse('Pallas', 2.7738415, 0.2299723, 34.83293, 173.02474, 310.20237, 144.97567),
  ellipse('Juno', 2.6682853, 0.2569364, 12.99105, 169.85146, 248.06618, 125.43538),
  ellipse('Vesta', 2.3620141, 0.0885158, 7.1419, 103.80908, 150.87484, 204.32771),
  ellipse('a short-period comet', 3.1, 0.85, 12.2, 334.6, 187.3, 320),
  ellipse('a circle', 2.9, 0, 1.2, 20, 0, 100),
  hyperbola('nearly a parabola', 1.1, 1.0001, 88.9, 61, 130.4),
  hyperbola('from between the stars', 2.0, 3.35, 44, 308.1, 209.1),
];
const dates = Array.from({ length: 30 }, (_, i) =>
  new Date(Date.UTC(2020, 3, 10) + i * 12.37 * 86_400_000).toISOString(),
);

describeWith(['ephem'], 'two bodies beside PyEphem, from the same elements', () => {
  const answers = askEphem({ dates, bodies: CASES.map(({ line }) => line) });

  it.each(CASES.map((one, k) => ({ ...one, k })))('$what: within 1″', ({ orbit, k }) => {
    const place = twoBody(orbit);
    for (const [i, answer] of answers.entries()) {
      const moment = sameMoment(dates[i]!, answer);
      const { seen } = sightOf(place, observerAt(moment, undefined), moment);
      const error = separation(...directionOf(seen), ...answer.bodies[k]!.astrometric) * 3600;
      // Nearer than 1 au both show what they differ in of the place of the Earth, larger.
      expect(error * Math.min(1, norm(seen)), dates[i]).toBeLessThan(1);
    }
  });
});

it('an orbit is one curve through ellipse, parabola and hyperbola', () => {
  const orbit = { q: 0.7, inclination_deg: 60, node_deg: 40, perihelion_deg: 200, passage: 0 };
  for (const days of [-400, -30, -0.1, 0, 3, 90, 700]) {
    const [below, at, above] = [1 - 1e-9, 1, 1 + 1e-9].map((eccentricity) =>
      twoBody({ ...orbit, eccentricity })(days),
    );
    for (const axis of [0, 1, 2] as const) {
      expect(below![axis]).toBeCloseTo(at![axis], 6);
      expect(above![axis]).toBeCloseTo(at![axis], 6);
    }
  }
  // Barker's equation in closed form (Meeus, Astronomical Algorithms, chapter 34), 90 days after the perihelion.
  const w = (0.036_491_162_45 / (0.7 * Math.sqrt(0.7))) * 90;
  const y = Math.cbrt(w / 2 + Math.sqrt((w * w) / 4 + 1));
  const s = y - 1 / y;
  expect(norm(twoBody({ ...orbit, eccentricity: 1 })(90))).toBeCloseTo(0.7 * (1 + s * s), 9);
});
