import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { packageFile } from '../package-files.js';
import type { Vector } from '../wcs/vector.js';
import { eclipticToEquatorial } from './frames.js';

export const PLANETS = [
  'mercury',
  'venus',
  'earth',
  'mars',
  'jupiter',
  'saturn',
  'uranus',
  'neptune',
] as const;
export type Planet = (typeof PLANETS)[number];

/** Amplitude of a sine, and the polynomial of its phase. */
type Term = readonly [amplitude: number, ...phase: number[]];
/** The terms of a coordinate, by the power of the time that they are multiplied with. */
type Coordinate = readonly (readonly Term[])[];
interface Series {
  /** Days of a unit of time. */
  days: number;
  L: Coordinate;
  B: Coordinate;
  R: Coordinate;
}

/** What scripts/build-ephemeris.mjs writes. */
type EphemerisFile = Record<Planet, Series> & { moon: Series & { mean: readonly number[] } };

let file: EphemerisFile | undefined;

/** Read once, at the first call: some 3,500 terms. */
function ephemeris(): EphemerisFile {
  file ??= JSON.parse(
    brotliDecompressSync(readFileSync(packageFile('data', 'ephemeris.json.br'))).toString(),
  ) as EphemerisFile;
  return file;
}

const polynomial = (t: number, coefficients: readonly number[]) =>
  coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);

const termAt = (t: number, [amplitude, ...phase]: Term) => amplitude * Math.sin(polynomial(t, phase));

const sumOf = (t: number, coordinate: Coordinate) =>
  polynomial(
    t,
    coordinate.map((terms) => terms.reduce((sum, term) => sum + termAt(t, term), 0)),
  );

const rectangular = (l: number, b: number, r: number): Vector => [
  r * Math.cos(b) * Math.cos(l),
  r * Math.cos(b) * Math.sin(l),
  r * Math.sin(b),
];

/**
 * The place of a planet from the Sun by VSOP87B (Bretagnon, Francou 1988, A&A 202, 309), terms below 0.02″ left out: au, equatorial J2000.
 * @param tt days of TT since J2000.0
 */
export function planetAt(planet: Planet, tt: number): Vector {
  const { days, L, B, R } = ephemeris()[planet];
  const t = tt / days;
  const [x, y, z] = rectangular(sumOf(t, L), sumOf(t, B), sumOf(t, R));
  // From the theory's own ecliptic and equinox to FK5 (the same paper, section 4).
  return [
    x + 4.4036e-7 * y - 1.90919e-7 * z,
    -4.79966e-7 * x + 0.917482137087 * y - 0.397776982902 * z,
    0.397776982902 * y + 0.917482137087 * z,
  ];
}

/**
 * The place of the Moon from the centre of the Earth by ELP/MPP02 (Chapront, Francou 2003, A&A 404, 735), terms below 0.02″ left out: au,
 * equatorial J2000.
 * @param tt days of TT since J2000.0
 */
export function moonAt(tt: number): Vector {
  const { days, mean, L, B, R } = ephemeris().moon;
  const t = tt / days;
  const [x, y, z] = rectangular(polynomial(t, mean) + sumOf(t, L), sumOf(t, B), sumOf(t, R));
  // From the ecliptic of date to that of J2000 by Laskar's P and Q, as the theory prescribes.
  const p = t * polynomial(t, [0.10180391e-4, 0.47020439e-6, -0.5417367e-9, -0.2507948e-11]);
  const q = t * polynomial(t, [-0.113469002e-3, 0.12372674e-6, 0.1265417e-8, -0.1371808e-11]);
  const root = 2 * Math.sqrt(1 - p * p - q * q);
  return eclipticToEquatorial([
    (1 - 2 * p * p) * x + 2 * p * q * y + p * root * z,
    2 * p * q * x + (1 - 2 * q * q) * y - q * root * z,
    -p * root * x + q * root * y + (1 - 2 * p * p - 2 * q * q) * z,
  ]);
}
