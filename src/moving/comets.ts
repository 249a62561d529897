import { daysSinceJ2000, numberIn, textIn } from './columns.js';
import type { SmallBody } from './small-body.js';

/** Where the numbers stand in a comet's line, bytes from its start (https://www.minorplanetcenter.net/iau/info/CometOrbitFormat.html). */
const COLUMN = {
  number: [0, 4],
  type: [4, 5],
  designation: [5, 12],
  year: [14, 18],
  month: [19, 21],
  day: [22, 29],
  q: [30, 39],
  eccentricity: [41, 49],
  perihelion: [51, 59],
  node: [61, 69],
  inclination: [71, 79],
  epochYear: [81, 85],
  epochMonth: [85, 87],
  epochDay: [87, 89],
  absolute: [91, 95],
  slope: [96, 100],
  name: [102, 158],
} as const;
const SHORTEST = 79;
/** Of log r, in magnitudes, where the line has none: 10, as most comets of which little is known are given. */
const USUAL_K1 = 10;

/** Whether a line looks like one of a comet's, as its orbit type and its perihelion tell. */
export const isComet = (line: string) =>
  /^[\d ]{4}[CPDIAX][\dA-Za-z ]{7}[ \d]{2}[-\d ]\d{3} [ \d]\d [ \d]\d\.\d/.test(line);

/** The comet of a line, or what is wrong with it. */
export function readComet(bytes: Buffer, start: number, end: number): SmallBody | string {
  if (end - start < SHORTEST) return `cut off after ${end - start} of at least ${SHORTEST} characters`;
  const bounded = ([from, to]: readonly [number, number]) =>
    [Math.min(end, start + from), Math.min(end, start + to)] as const;
  const at = (column: readonly [number, number]) => numberIn(bytes, ...bounded(column));
  const text = (column: readonly [number, number]) => textIn(bytes, ...bounded(column));
  const passage = daysSinceJ2000(at(COLUMN.year), at(COLUMN.month), at(COLUMN.day));
  const [q, eccentricity] = [at(COLUMN.q), at(COLUMN.eccentricity)];
  const [perihelion_deg, node_deg, inclination_deg] = [
    at(COLUMN.perihelion),
    at(COLUMN.node),
    at(COLUMN.inclination),
  ];
  if (Number.isNaN(passage)) return 'no date of the perihelion in columns 15 to 29';
  if (!(q > 0)) return 'no distance of the perihelion in columns 31 to 39';
  if (!(eccentricity >= 0)) return 'no eccentricity in columns 42 to 49';
  if (Number.isNaN(perihelion_deg + node_deg + inclination_deg))
    return 'an angle in columns 52 to 79 is no number';
  const epoch = daysSinceJ2000(at(COLUMN.epochYear), at(COLUMN.epochMonth), at(COLUMN.epochDay));
  const designation = `${text(COLUMN.number)}${text(COLUMN.type)}${text(COLUMN.designation)}`;
  const name = text(COLUMN.name) || designation;
  const slope = at(COLUMN.slope);
  return {
    kind: 'comet',
    name,
    id: designation,
    names: [name],
    orbit: { q, eccentricity, inclination_deg, node_deg, perihelion_deg, passage },
    epoch: Number.isNaN(epoch) ? passage : epoch,
    absolute: at(COLUMN.absolute),
    // The line gives the power of 1/r in units of 2.5 magnitudes.
    slope: Number.isNaN(slope) ? USUAL_K1 : 2.5 * slope,
  };
}
