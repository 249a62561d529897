/*
 * `npm run build:stars`: data/stars.bin.br, the stars that the package's own engine solves with, from the index files of
 * Debian's astrometry-data-tycho2 packages. The same input gives the same bytes.
 *
 *     node --import ./scripts/typescript.mjs scripts/build-stars.ts [--indexes /usr/share/astrometry] [--dense OUT]
 *
 * `--dense OUT` writes all stars of the finest index instead, for fields down to 0.4°.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { packagedStars } from './stars/packaged.js';

const { values } = parseArgs({
  options: { indexes: { type: 'string', default: '/usr/share/astrometry' }, dense: { type: 'string' } },
});

const { bytes: encoded, count } = packagedStars(values.indexes, values.dense !== undefined);
const packed = brotliCompressSync(encoded, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: encoded.length,
  },
});
const out = values.dense ?? new URL('../data/stars.bin.br', import.meta.url);
writeFileSync(out, packed);
console.log(`${count} stars, ${encoded.length} bytes, packed ${packed.length}`);
