import { parseHeader } from '../fits/header.js';
import { readTable } from '../fits/table.js';
import { parseWcs } from '../wcs/parse.js';
import { pixelsToSky } from '../wcs/tan-sip.js';
import { bytesOf, type MadeFile, type PictureSource, requiredFile, wholeFile } from './exported-file.js';
import { skyTableFits } from './write-table.js';

/** RA and Dec of every star that was found in the image. */
export async function exportImageRd(source: PictureSource): Promise<MadeFile> {
  const wcs = parseWcs(parseHeader(await requiredFile(source, 'solution.wcs')));
  const stars = await readTable(await requiredFile(source, 'solution.axy'));
  const sky = pixelsToSky(wcs, stars.column('X'), stars.column('Y'));
  return wholeFile(skyTableFits(sky.ra_deg, sky.dec_deg));
}

/** RA and Dec of the reference stars: those in the field if the solver has left them, else those that were matched. */
export async function exportRdls(source: PictureSource): Promise<MadeFile> {
  const left = await source.file('solution.rdls');
  if (left) return wholeFile(await bytesOf(left));
  const pairs = await readTable(await requiredFile(source, 'solution.corr'));
  return wholeFile(skyTableFits(pairs.column('INDEX_RA'), pairs.column('INDEX_DEC')));
}
