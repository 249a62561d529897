// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { RAD } from '../wcs/sphere.js';
import { bandOf } from './band.js';
import { builtinCatalog } from './builtin.js';

/** Stars with V magnitudes and their numbers in the Hipparcos catalogue; J2000 degrees. */
export interface HipparcosStars {
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  magnitude: Float64Array;
  hip: Int32Array;
}

/** Of the package's catalogue those within a radius of a place, degrees. */
export function hipparcosStars(ra_deg: number, dec_deg: number, radius_deg: number): HipparcosStars {
  const [, table] = builtinCatalog();
  if (!table) throw new TypeError('The catalogue of the package has no stars');
  const [ra, dec] = [ra_deg * RAD, dec_deg * RAD];
  const [x, y, z] = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
  const least = Math.cos(Math.min(180, radius_deg) * RAD);
  const rows = [];
  const { start, end } = bandOf(table, dec_deg, radius_deg);
  const vector = table.vectors(start, end);
  for (let i = start; i < end; i++) {
    // i is below the length, and a vector has three numbers.
    if (vector[3 * i]! * x + vector[3 * i + 1]! * y + vector[3 * i + 2]! * z >= least)
      rows.push(table.row(i));
  }
  return {
    ra_deg: Float64Array.from(rows, (row) => row.ra_deg),
    dec_deg: Float64Array.from(rows, (row) => row.dec_deg),
    magnitude: Float64Array.from(rows, (row) => row.magnitude ?? Number.NaN),
    hip: Int32Array.from(rows, (row) => Number(row.id)),
  };
}
