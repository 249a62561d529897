/*
 * `npm run build:stars`: data/stars.bin, the stars that the package's own engine solves with, from the index files of Debian's packages
 * astrometry-data-tycho2-*; the brightest stars, which Tycho-2 lacks, come from data/catalog.json.br. The same input gives the same bytes.
 *
 *     node --import ./scripts/typescript.mjs scripts/build-stars.ts [--indexes DIR] [--dense] [--out FILE]
 *
 * `--dense` takes all stars of index 07, for fields down to 0.4°, and writes packages/stars-dense/stars.bin.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { packagedStars } from './stars/packaged.js';

const { values } = parseArgs({
  options: {
    indexes: { type: 'string', default: '/usr/share/astrometry' },
    dense: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const { bytes, count, added } = packagedStars(values.indexes, values.dense);
const usual = values.dense ? '../packages/stars-dense/stars.bin' : '../data/stars.bin';
writeFileSync(values.out ?? new URL(usual, import.meta.url), bytes);
const density = (count / 41_252.96).toFixed(1);
console.log(`${count} stars, ${density} a square degree, ${added} of the catalogue; ${bytes.length} bytes`);
