import { parseHeader } from '../fits/header.js';
import { readColumns } from '../solver/tables.js';
import { parseWcs } from '../wcs/parse.js';
import { pixelsToSky } from '../wcs/tan-sip.js';
import { type ExportedFile, type ExportSource, requiredFile, wholeFile } from './exported-file.js';
import { writeTable } from './write-table.js';

const FITS_TYPE = 'application/fits';

function skyTable(name: string, ra: ArrayLike<number>, dec: ArrayLike<number>): ExportedFile {
  const columns = [
    { name: 'RA', unit: 'deg', values: ra },
    { name: 'DEC', unit: 'deg', values: dec },
  ];
  return wholeFile(name, FITS_TYPE, writeTable(columns, 'D'));
}

/** RA and Dec of every star that was found in the image. */
export async function exportImageRd(source: ExportSource): Promise<ExportedFile> {
  const wcs = parseWcs(parseHeader(await requiredFile(source, 'solution.wcs')));
  const { X: x = [], Y: y = [] } = readColumns(await requiredFile(source, 'solution.axy'));
  const sky = pixelsToSky(wcs, Float64Array.from(x), Float64Array.from(y));
  return skyTable('image-radec.fits', sky.ra_deg, sky.dec_deg);
}

/** RA and Dec of the reference stars: those in the field if the solver has left them, else those that were matched. */
export async function exportRdls(source: ExportSource): Promise<ExportedFile> {
  const left = await source.file('solution.rdls');
  if (left) return { name: 'rdls.fits', contentType: FITS_TYPE, size: left.size, read: () => left.read() };
  const { INDEX_RA: ra = [], INDEX_DEC: dec = [] } = readColumns(await requiredFile(source, 'solution.corr'));
  return skyTable('rdls.fits', ra, dec);
}
