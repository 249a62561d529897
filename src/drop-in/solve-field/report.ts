import type { SolvedResult } from '../../job/result.js';
import { colons, general } from './angles.js';

/** Below so many degrees of the shorter side the size of the field is told in the next smaller unit. */
const UNITS = [
  { below: 1 / 60, perDegree: 3600, name: 'arcseconds' },
  { below: 1, perDegree: 60, name: 'arcminutes' },
  { below: Number.POSITIVE_INFINITY, perDegree: 1, name: 'degrees' },
] as const;

/** The lines about a solved field that solve-field prints and programs read. */
export function fieldLines(name: string, { astrometry }: SolvedResult): string[] {
  const { ra_center: ra, dec_center: dec, fov_deg, orientation_deg, parity } = astrometry;
  const unit = UNITS.find(({ below }) => Math.min(...fov_deg) < below) ?? UNITS[2];
  const [width, height] = fov_deg.map((size) => general(size * unit.perDegree));
  return [
    `Field: ${name}`,
    `Field center: (RA,Dec) = (${ra.toFixed(6)}, ${dec.toFixed(6)}) deg.`,
    `Field center: (RA H:M:S, Dec D:M:S) = (${colons(ra / 15, false)}, ${colons(dec, true)}).`,
    `Field size: ${width} x ${height} ${unit.name}`,
    `Field rotation angle: up is ${general(orientation_deg)} degrees E of N`,
    // solve-field's word is the opposite of the sign of det CD.
    `Field parity: ${parity === 1 ? 'neg' : 'pos'}`,
  ];
}
