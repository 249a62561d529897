import { GAUSS, type Orbit } from '../ephemeris/orbit.js';
import { RAD } from '../wcs/sphere.js';
import { numberIn, packedEpoch, textIn } from './columns.js';
import type { SmallBody } from './small-body.js';

/** Where the numbers stand in a line of MPCORB, bytes from its start (https://www.minorplanetcenter.net/iau/info/MPOrbitFormat.html). */
const COLUMN = {
  designation: [0, 7],
  h: [8, 13],
  slope: [14, 19],
  epoch: 20,
  anomaly: [26, 35],
  perihelion: [37, 46],
  node: [48, 57],
  inclination: [59, 68],
  eccentricity: [70, 79],
  axis: [92, 103],
  name: [166, 194],
} as const;
const SHORTEST = 103;
/** G where none is given. */
const USUAL_SLOPE = 0.15;

/** The numbers of one line; the same object is filled again for each. */
export interface MinorPlanetElements {
  h: number;
  /** Days of TT since J2000.0. */
  epoch: number;
  anomaly_deg: number;
  perihelion_deg: number;
  node_deg: number;
  inclination_deg: number;
  eccentricity: number;
  /** au. */
  axis: number;
}

export const noElements = (): MinorPlanetElements => ({
  h: 0,
  epoch: 0,
  anomaly_deg: 0,
  perihelion_deg: 0,
  node_deg: 0,
  inclination_deg: 0,
  eccentricity: 0,
  axis: 0,
});

/** Whether a line looks like one of MPCORB, as its packed epoch tells. */
export const isMinorPlanet = (line: string) =>
  /^[\dA-Za-z~][\dA-Za-z ]{6} .{12}[I-K]\d\d[1-9A-C][1-9A-V] [ \d]/.test(line);

/** Fills `into` from a line. @returns what is wrong with the line, if something is */
export function readMinorPlanet(
  bytes: Buffer,
  start: number,
  end: number,
  into: MinorPlanetElements,
): string | undefined {
  if (end - start < SHORTEST) return `cut off after ${end - start} of at least ${SHORTEST} characters`;
  const at = ([from, to]: readonly [number, number]) => numberIn(bytes, start + from, start + to);
  into.h = at(COLUMN.h);
  into.epoch = packedEpoch(bytes, start + COLUMN.epoch);
  into.anomaly_deg = at(COLUMN.anomaly);
  into.perihelion_deg = at(COLUMN.perihelion);
  into.node_deg = at(COLUMN.node);
  into.inclination_deg = at(COLUMN.inclination);
  into.eccentricity = at(COLUMN.eccentricity);
  into.axis = at(COLUMN.axis);
  if (Number.isNaN(into.epoch)) return 'no epoch in columns 21 to 25';
  const angles = into.anomaly_deg + into.perihelion_deg + into.node_deg + into.inclination_deg;
  if (Number.isNaN(angles)) return 'an angle in columns 27 to 68 is no number';
  if (!(into.eccentricity >= 0 && into.eccentricity < 1))
    return 'no eccentricity from 0 to 1 in columns 71 to 79';
  if (!(into.axis > 0)) return 'no semi-major axis in columns 93 to 103';
  return undefined;
}

export function orbitOf(elements: MinorPlanetElements): Orbit {
  const { axis, eccentricity, inclination_deg, node_deg, perihelion_deg, anomaly_deg, epoch } = elements;
  return {
    q: axis * (1 - eccentricity),
    eccentricity,
    inclination_deg,
    node_deg,
    perihelion_deg,
    passage: epoch - (anomaly_deg * RAD * axis ** 1.5) / GAUSS,
  };
}

/** The body of a line that `readMinorPlanet` has read. */
export function minorPlanetOf(
  bytes: Buffer,
  start: number,
  end: number,
  elements: MinorPlanetElements,
): SmallBody {
  const text = ([from, to]: readonly [number, number]) =>
    textIn(bytes, Math.min(end, start + from), Math.min(end, start + to));
  const designation = text(COLUMN.designation);
  const readable = text(COLUMN.name) || designation;
  // `(1) Ceres`, `(345678) 2006 SR131`, `2015 RR245`.
  const [, number, called] = /^\((\d+)\) (.+)$/.exec(readable) ?? [];
  const isNamed = called !== undefined && !/^\d/.test(called);
  const slope = numberIn(bytes, start + COLUMN.slope[0], start + COLUMN.slope[1]);
  return {
    kind: 'asteroid',
    name: isNamed ? called : readable,
    id: number ?? designation,
    names: [...new Set([isNamed ? called : readable, readable])],
    orbit: orbitOf(elements),
    epoch: elements.epoch,
    absolute: elements.h,
    slope: Number.isNaN(slope) ? USUAL_SLOPE : slope,
  };
}
