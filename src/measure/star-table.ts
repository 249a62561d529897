// biome-ignore-all lint/style/noNonNullAssertion: columns are of one length.
import type { TableColumn } from '../fits/write-table.js';
import type { Identified } from './identify.js';
import { ellipticityOf } from './image-quality.js';
import type { Measurement } from './measurement.js';
import { instrumental, MAGNITUDES } from './photometry.js';
import { widthsOf } from './shape.js';

/**
 * The measured stars as columns of a table, see docs/quality.md.
 * @param zeroPoint absent where it is not known
 */
export function starTable(
  measurement: Measurement,
  identified: Identified,
  zeroPoint?: number,
): TableColumn[] {
  const { stars } = measurement;
  const measured = Array.from(stars.flux.keys()).filter((i) => !Number.isNaN(stars.flux[i]!));
  const widths = widthsOf(stars);
  const of = (value: (star: number) => number) => measured.map(value);
  const column = (
    name: string,
    format: TableColumn['format'],
    value: (star: number) => number,
    unit?: string,
  ) => ({
    name,
    format,
    values: of(value),
    ...(unit !== undefined && { unit }),
  });
  const magnitude = (i: number) =>
    zeroPoint !== undefined && stars.flux[i]! > 0 ? zeroPoint + instrumental(stars.flux[i]!) : Number.NaN;
  return [
    column('X', 'D', (i) => stars.x[i]!, 'pix'),
    column('Y', 'D', (i) => stars.y[i]!, 'pix'),
    column('RA', 'D', (i) => identified.ra_deg[i]!, 'deg'),
    column('DEC', 'D', (i) => identified.dec_deg[i]!, 'deg'),
    column('FLUX', 'E', (i) => stars.flux[i]!, 'adu'),
    column('FLUX_ERR', 'E', (i) => stars.flux_error[i]!, 'adu'),
    column('MAG', 'E', magnitude, 'mag'),
    column('MAG_ERR', 'E', (i) => (MAGNITUDES * stars.flux_error[i]!) / Math.abs(stars.flux[i]!), 'mag'),
    column('PEAK', 'E', (i) => stars.peak[i]!, 'adu'),
    column('SKY', 'E', (i) => stars.sky[i]!, 'adu'),
    column('FWHM', 'E', (i) => widths[i]!, 'pix'),
    column('ELLIPTICITY', 'E', (i) => ellipticityOf(measurement, i)),
    column('HFR', 'E', (i) => stars.hfr[i]!, 'pix'),
    column('VT', 'E', (i) => identified.vt[i]!, 'mag'),
    column('V', 'E', (i) => identified.v[i]!, 'mag'),
    column('HIP', 'J', (i) => identified.hip[i]!),
    column('FLAGS', 'J', (i) => stars.flags[i]!),
  ];
}
