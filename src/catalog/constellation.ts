import { Constellation } from 'astronomy-engine';
import { normalizeRa } from '../wcs/sphere.js';
import { constellationFigures } from './figures.js';

/** IAU abbreviation of the constellation at a place (degrees, J2000), by the boundaries of Delporte (1930). */
export function constellationAt(ra_deg: number, dec_deg: number): string {
  return Constellation(normalizeRa(ra_deg) / 15, dec_deg).symbol;
}

/** Latin name of the constellation at a place (degrees, J2000), as its figure has it: `Boötes`. */
export function constellationName(ra_deg: number, dec_deg: number): string {
  const { symbol, name } = Constellation(normalizeRa(ra_deg) / 15, dec_deg);
  return constellationFigures().get(symbol)?.name ?? name;
}
