import { builtinCatalog } from '../../src/catalog/builtin.js';
import { encodeStars } from './encode.js';
import { type RawStar, readIndexStars, withoutDoubles } from './sources.js';

/** Every star as bright as this is taken, however many stand around it. */
const ALL_BRIGHTER_THAN = 8.5;

/**
 * The star file, not yet compressed.
 * @param indexes folder of Debian's index files
 * @param dense all stars of the finest index, instead of those that fields of 1.5° need
 */
export function packagedStars(indexes: string, dense = false): { bytes: Uint8Array; count: number } {
  const finest = readIndexStars(`${indexes}/index-tycho2-07.littleendian.fits`);
  // Index 09 has the brightest stars of each of its cells, so that no part of the sky is empty: some 17.5 a square degree.
  const even = dense ? finest : readIndexStars(`${indexes}/index-tycho2-09.littleendian.fits`);
  const bright = finest.filter(({ magnitude }) => magnitude < ALL_BRIGHTER_THAN);
  const stars = withoutDoubles([...even, ...bright], brightOfCatalogue());
  return { bytes: encodeStars(stars), count: stars.length };
}

function brightOfCatalogue(): RawStar[] {
  const [, table] = builtinCatalog();
  if (!table) throw new Error('The catalogue of the package has no stars');
  const found: RawStar[] = [];
  for (let i = 0; i < table.length; i++) {
    const { ra_deg, dec_deg, magnitude = Number.NaN } = table.row(i);
    if (magnitude < ALL_BRIGHTER_THAN) found.push({ ra_deg, dec_deg, magnitude });
  }
  return found;
}
