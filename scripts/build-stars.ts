/*
 * Builds data/stars.bin, the stars that the package's own engine solves with, from the index files of Debian's packages
 * astrometry-data-tycho2-*; the brightest stars, which Tycho-2 lacks, come from data/catalog.json.br. The same input gives the same bytes.
 *
 *     node --import ./scripts/typescript.mjs scripts/build-stars.ts [--indexes DIR] [--dense] [--out FILE]
 *
 * `--dense` takes all stars of index 07, for fields down to 0.4°, and needs `--out`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtinCatalog } from '../src/catalog/builtin.js';
import { encodeStars } from './stars/encode.js';
import { mergeStars } from './stars/merge.js';
import { readTycho2Index } from './stars/tycho2-index.js';

const { values } = parseArgs({
  options: {
    indexes: { type: 'string', default: '/usr/share/astrometry' },
    dense: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
if (values.dense && !values.out)
  throw new Error('--dense needs --out FILE: the dense star file is not part of the package');

/** The catalogue of the package is complete, and its magnitudes are good, down to here. */
const CATALOGUE_LIMIT = 7;

// An index holds the brightest stars of each of its cells, so that no part of the sky is empty: number 08 some 31 a square degree,
// and among them all but some seventy of the stars brighter than magnitude 9 that number 07 has.
const series = values.dense ? '07' : '08';
const indexed = readTycho2Index(join(values.indexes, `index-tycho2-${series}.littleendian.fits`));
const [, catalogue] = builtinCatalog();
if (!catalogue) throw new Error('The catalogue of the package has no stars');
const bright = Array.from({ length: catalogue.length }, (_, i) => catalogue.row(i)).flatMap(
  ({ ra_deg, dec_deg, magnitude }) =>
    magnitude !== undefined && magnitude < CATALOGUE_LIMIT ? [{ ra_deg, dec_deg, magnitude }] : [],
);
const stars = mergeStars(indexed, bright);
const bytes = encodeStars(stars);
writeFileSync(values.out ?? new URL('../data/stars.bin', import.meta.url), bytes);
const added = stars.length - indexed.length;
const density = (stars.length / 41_252.96).toFixed(1);
console.log(
  `${stars.length} stars, ${density} a square degree, ${added} of the catalogue; ${bytes.length} bytes`,
);
