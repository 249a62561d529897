// Builds data/catalog.json.br from the data of d3-celestial (a development dependency) and the hand-kept tables in scripts/catalog.
// `node scripts/build-catalog.mjs [FILE]`; the same input gives the same bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { catalogOf, correct, mergeDeepSky, rowOf, shape } from './catalog/deep-sky.mjs';
import { readStars } from './catalog/stars.mjs';
import { readTable } from './catalog/tables.mjs';

const source = join(dirname(createRequire(import.meta.url).resolve('d3-celestial/package.json')), 'data');
const read = (name) => JSON.parse(readFileSync(join(source, name), 'utf8'));

/** The list of 1989 ends at 73197; numbers beyond it are survey detections, often stars or pieces of galaxies. */
const LAST_PGC = 73_197;

function keep(row) {
  if (catalogOf(row.id) === 'PGC')
    return Number(row.id.slice(4)) <= LAST_PGC && row.mag <= 15.5 && row.size !== undefined;
  return true;
}

const named = new Map(readTable('names.tsv').map(([id, ...names]) => [id, names]));
const caldwell = readTable('caldwell.tsv').flatMap(([c, list]) => list.split(' = ').map((id) => [id, c]));
const caldwellOf = new Map(caldwell);

// `NGC 5194/5` and the like name the brighter one first.
const messier = read('messier.json')
  .features.map(({ id, properties }) => ({
    id: id.replace(/^M/, 'M '),
    ngc: properties.desig.replace(/\/.*/, ''),
    mag: Number(properties.mag),
  }))
  .filter(({ ngc }) => /^(NGC|IC) \d+$/.test(ngc));
const messierMagnitude = new Map(messier.map(({ ngc, mag }) => [ngc, mag]));

const rows = shape(
  correct(
    read('dsos.20.json')
      .features.map(rowOf)
      .filter((row) => row.type !== undefined && (keep(row) || named.has(row.id))),
  ),
).map((row) => (messierMagnitude.has(row.id) ? { ...row, mag: messierMagnitude.get(row.id) } : row));
const deepSky = mergeDeepSky(
  rows,
  messier.map(({ id, ngc }) => [id, ngc]),
  new Set([...named.keys(), ...caldwellOf.keys()]),
)
  .map((object) => {
    const c = object.ids.map((id) => caldwellOf.get(id)).find((id) => id !== undefined);
    const ids = c && !object.ids.includes(c) ? [...object.ids, c] : object.ids;
    const common = ids.flatMap((id) => named.get(id) ?? []);
    return { ...object, ids, names: [...new Set(common)] };
  })
  .sort((a, b) => a.dec - b.dec || a.ra - b.ra);

const stars = readStars(
  read('stars.8.json').features,
  read('stars.14.json').features,
  read('starnames.json'),
);

const types = [...new Set(deepSky.map((object) => object.type))].sort();
const elliptic = ({ type, minor, size }) => !/cluster|cloud|asterism|star/.test(type) && minor <= size;
const scaled = (value, factor) => (value === undefined ? null : Math.round(value * factor));
const tables = {
  // Positions in units of 1e-5 degree, magnitudes of 0.01, sizes of 0.01 arcmin; names and designations are joined by '|'.
  deepSky: {
    ra: deepSky.map((object) => scaled(object.ra, 1e5)),
    dec: deepSky.map((object) => scaled(object.dec, 1e5)),
    type: deepSky.map((object) => types.indexOf(object.type)),
    mag: deepSky.map((object) => scaled(object.mag, 100)),
    size: deepSky.map((object) => scaled(object.size, 100)),
    // Minor axis, and position angle of the major axis in degrees, of what is drawn as an ellipse.
    minor: deepSky.map((object) => scaled(elliptic(object) ? object.minor : undefined, 100)),
    pa: deepSky.map((object) => scaled(elliptic(object) ? object.pa : undefined, 1)),
    ids: deepSky.map((object) => object.ids.join('|')),
    names: deepSky.map((object) => object.names.join('|')),
  },
  stars: {
    ra: stars.map((star) => scaled(star.ra, 1e4)),
    dec: stars.map((star) => scaled(star.dec, 1e4)),
    mag: stars.map((star) => scaled(star.mag, 100)),
    hip: stars.map((star, i) => star.hip - (stars[i - 1]?.hip ?? 0)),
    names: stars.map((star) => star.names.slice(0, -1).join('|')),
    // Index, and mas a year in RA·cos Dec and in Dec, of the few that matter.
    motion: stars.flatMap(({ motion }, i) => (motion ? [[i, ...motion]] : [])),
  },
};

const target = process.argv[2] ?? fileURLToPath(new URL('../data/catalog.json.br', import.meta.url));
// One JSON text a line, so that a reader can pause between them: the types, then each column with its table and name.
const columns = Object.entries(tables).flatMap(([table, columnsOf]) =>
  Object.entries(columnsOf).map(([column, values]) => [table, column, values]),
);
const text = [{ format: 2, types }, ...columns].map((line) => JSON.stringify(line)).join('\n');
const packed = brotliCompressSync(Buffer.from(text), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
});
writeFileSync(target, packed);
console.log(`${deepSky.length} deep-sky objects, ${stars.length} stars, ${packed.length} bytes`);
