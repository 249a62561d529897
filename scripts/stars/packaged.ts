import { join } from 'node:path';
import { builtinCatalog } from '../../src/catalog/builtin.js';
import { type CatalogueStar, encodeStars } from './encode.js';
import { mergeStars } from './merge.js';
import { readTycho2Index } from './tycho2-index.js';

/** The catalogue of the package is complete, and its magnitudes are good, down to here. */
const CATALOGUE_LIMIT = 7;

export interface StarFile {
  bytes: Uint8Array;
  count: number;
  /** How many of them are of the package's own catalogue. */
  added: number;
}

/**
 * The star file of the package, or the dense one. An index holds the brightest stars of each of its cells, so that no part of the sky is
 * empty: number 08 some 31 a square degree, and among them all but some seventy of the stars brighter than magnitude 9 that number 07 has.
 * @param indexes folder of Debian's index files
 */
export function packagedStars(indexes: string, isDense: boolean): StarFile {
  const indexed = readTycho2Index(join(indexes, `index-tycho2-${isDense ? '07' : '08'}.littleendian.fits`));
  const stars = mergeStars(indexed, brightStars());
  return { bytes: encodeStars(stars), count: stars.length, added: stars.length - indexed.length };
}

function brightStars(): CatalogueStar[] {
  const [, catalogue] = builtinCatalog();
  if (!catalogue) throw new Error('The catalogue of the package has no stars');
  return Array.from({ length: catalogue.length }, (_, i) => catalogue.row(i)).flatMap(
    ({ ra_deg, dec_deg, magnitude }) =>
      magnitude !== undefined && magnitude < CATALOGUE_LIMIT ? [{ ra_deg, dec_deg, magnitude }] : [],
  );
}
