import { RAD } from '../wcs/sphere.js';
import type { Vector } from '../wcs/vector.js';
import { eclipticToEquatorial } from './frames.js';

/** The conic that a body follows about the Sun, ecliptic and equinox J2000. */
export interface Orbit extends Orientation {
  /** Distance of the perihelion, au. */
  q: number;
  eccentricity: number;
  /** When the body is in its perihelion: days of TT since J2000.0. */
  passage: number;
}

/** Gaussian gravitational constant, au^1.5 a day. */
export const GAUSS = 0.017_202_098_95;

/** Stumpff's functions c₂ and c₃, by their series where those of sine and cosine cancel. */
function stumpff(z: number): [c2: number, c3: number] {
  if (Math.abs(z) < 0.5) {
    let [c2, c3, term] = [0, 0, 1 / 2];
    for (let k = 2; Math.abs(term) > 1e-18 && k < 40; k += 2) {
      c2 += term;
      c3 += term / (k + 1);
      term *= -z / ((k + 1) * (k + 2));
    }
    return [c2, c3];
  }
  const root = Math.sqrt(Math.abs(z));
  return z > 0
    ? [(1 - Math.cos(root)) / z, (root - Math.sin(root)) / (z * root)]
    : [(1 - Math.cosh(root)) / z, (Math.sinh(root) - root) / (-z * root)];
}

/**
 * Kepler's equation in universal variables, counted from the perihelion: q·s + e·s³·c₃(α·s²) = k·t, with α = (1 − e)/q. One form for ellipse,
 * parabola and hyperbola (Danby, Fundamentals of Celestial Mechanics, 1988, section 6.9).
 * @param days since the perihelion
 * @returns s, c₂ and c₃
 */
function universalAnomaly(q: number, e: number, days: number): [s: number, c2: number, c3: number] {
  const alpha = (1 - e) / q;
  // Of an ellipse the nearest perihelion counts.
  const period = alpha > 0 ? (2 * Math.PI) / (GAUSS * alpha ** 1.5) : Number.POSITIVE_INFINITY;
  const since = Number.isFinite(period) ? days - period * Math.round(days / period) : days;
  const target = GAUSS * Math.abs(since);
  // The left side rises with s; these two have the solution between them.
  let low = 0;
  let high = Math.max(1e-6, target / q);
  let s = Math.min(high, Math.cbrt((6 * target) / Math.max(e, 0.1)));
  for (let round = 0; round < 200; round++) {
    const [c2, c3] = stumpff(alpha * s * s);
    const miss = q * s + e * s ** 3 * c3 - target;
    if (miss > 0) high = s;
    else low = s;
    const step = miss / (q + e * s * s * c2);
    const next = s - step;
    if (Math.abs(step) < 1e-14 * Math.max(1, s)) return [Math.sign(since) * s, c2, c3];
    s = next > low && next < high ? next : (low + high) / 2;
  }
  const [c2, c3] = stumpff(alpha * s * s);
  return [Math.sign(since) * s, c2, c3];
}

/** How an orbit lies in space, ecliptic and equinox J2000, degrees. */
export interface Orientation {
  inclination_deg: number;
  node_deg: number;
  perihelion_deg: number;
}

/** Directions of the perihelion and of a right angle ahead of it, equatorial J2000. */
function axesOf({ inclination_deg, node_deg, perihelion_deg }: Orientation): [Vector, Vector] {
  const [i, node, w] = [inclination_deg * RAD, node_deg * RAD, perihelion_deg * RAD];
  const [sinI, cosI] = [Math.sin(i), Math.cos(i)];
  const [sinNode, cosNode] = [Math.sin(node), Math.cos(node)];
  const [sinW, cosW] = [Math.sin(w), Math.cos(w)];
  return [
    eclipticToEquatorial([
      cosNode * cosW - sinNode * sinW * cosI,
      sinNode * cosW + cosNode * sinW * cosI,
      sinW * sinI,
    ]),
    eclipticToEquatorial([
      -cosNode * sinW - sinNode * cosW * cosI,
      -sinNode * sinW + cosNode * cosW * cosI,
      cosW * sinI,
    ]),
  ];
}

const combined = ([p, r]: readonly [Vector, Vector], along: number, ahead: number): Vector => [
  along * p[0] + ahead * r[0],
  along * p[1] + ahead * r[1],
  along * p[2] + ahead * r[2],
];

/** A place in the plane of an orbit, towards its perihelion and at a right angle ahead of it, as equatorial J2000. */
export const inOrbit = (orientation: Orientation, along: number, ahead: number) =>
  combined(axesOf(orientation), along, ahead);

/** A function from TT (days since J2000.0) to the place from the Sun of a body that only the Sun attracts: au, equatorial J2000. */
export function twoBody(orbit: Orbit): (tt: number) => Vector {
  const { q, eccentricity: e, passage } = orbit;
  const axes = axesOf(orbit);
  const latus = Math.sqrt(q * (1 + e));
  return (tt) => {
    const [s, c2, c3] = universalAnomaly(q, e, tt - passage);
    const along = q - s * s * c2;
    const ahead = latus * s * (1 - ((1 - e) / q) * s * s * c3);
    return combined(axes, along, ahead);
  };
}
