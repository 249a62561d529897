/*
 * `npm run build:stars`: data/stars.bin, the stars that the package's own engine solves with, from the index files of
 * Debian's astrometry-data-tycho2 packages. The same input gives the same bytes.
 *
 *     node --import ./scripts/typescript.mjs scripts/build-stars.ts [--indexes /usr/share/astrometry] [--dense OUT]
 *
 * `--dense OUT` writes all stars of the finest index instead, for fields down to 0.4°.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { builtinCatalog } from '../src/catalog/builtin.js';
import { encodeStars } from './stars/encode.js';
import { type RawStar, readIndexStars, withoutDoubles } from './stars/sources.js';

const { values } = parseArgs({
  options: { indexes: { type: 'string', default: '/usr/share/astrometry' }, dense: { type: 'string' } },
});

/** Every star as bright as this is taken, however many stand around it. */
const ALL_BRIGHTER_THAN = 8.5;

const finest = readIndexStars(`${values.indexes}/index-tycho2-07.littleendian.fits`);
// Index 09 has the brightest stars of each of its cells, so that no part of the sky is empty: some 17.5 a square degree.
const even = values.dense ? finest : readIndexStars(`${values.indexes}/index-tycho2-09.littleendian.fits`);
const [, stars] = builtinCatalog();
if (!stars) throw new Error('The catalogue of the package has no stars');

const catalogued: RawStar[] = [];
for (let i = 0; i < stars.magnitude.length; i++) {
  const { ra_deg, dec_deg, magnitude = Number.NaN } = stars.row(i);
  if (magnitude < ALL_BRIGHTER_THAN) catalogued.push({ ra_deg, dec_deg, magnitude });
}
const all = withoutDoubles(
  [...even, ...finest.filter(({ magnitude }) => magnitude < ALL_BRIGHTER_THAN)],
  catalogued,
);
const encoded = encodeStars(all);
const packed = brotliCompressSync(encoded, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: encoded.length,
  },
});
const out = values.dense ?? new URL('../data/stars.bin.br', import.meta.url);
writeFileSync(out, packed);
console.log(`${all.length} stars, ${encoded.length} bytes, packed ${packed.length}`);
