import { parseHeader } from '../fits/header.js';
import { readTable } from '../fits/table.js';
import { parseWcs } from '../wcs/parse.js';
import { pixelsToSky } from '../wcs/tan-sip.js';
import { type ExportedFile, type ExportSource, requiredFile, wholeFile } from './exported-file.js';
import { skyTableFits } from './write-table.js';

const FITS_TYPE = 'application/fits';

function skyTable(name: string, ra: ArrayLike<number>, dec: ArrayLike<number>): ExportedFile {
  return wholeFile(name, FITS_TYPE, skyTableFits(ra, dec));
}

/** RA and Dec of every star that was found in the image. */
export async function exportImageRd(source: ExportSource): Promise<ExportedFile> {
  const wcs = parseWcs(parseHeader(await requiredFile(source, 'solution.wcs')));
  const stars = await readTable(await requiredFile(source, 'solution.axy'));
  const sky = pixelsToSky(wcs, stars.column('X'), stars.column('Y'));
  return skyTable('image-radec.fits', sky.ra_deg, sky.dec_deg);
}

/** RA and Dec of the reference stars: those in the field if the solver has left them, else those that were matched. */
export async function exportRdls(source: ExportSource): Promise<ExportedFile> {
  const left = await source.file('solution.rdls');
  if (left) return { name: 'rdls.fits', contentType: FITS_TYPE, size: left.size, read: () => left.read() };
  const pairs = await readTable(await requiredFile(source, 'solution.corr'));
  return skyTable('rdls.fits', pairs.column('INDEX_RA'), pairs.column('INDEX_DEC'));
}
