// Builds data/constellations.json, the figures of the constellations, from the data of d3-celestial (a development dependency).
// `node scripts/build-constellations.mjs [FILE]`; the same input gives the same bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(createRequire(import.meta.url).resolve('d3-celestial/package.json')), 'data');
const read = (name) => JSON.parse(readFileSync(join(source, name), 'utf8'));
const names = new Map(
  read('constellations.json').features.map(({ id, properties }) => [id, properties.name]),
);
const round = (degrees) => Number(((degrees + 360) % 360).toFixed(3));

/** Serpens has two parts of one symbol. */
const figures = new Map();
for (const { id, geometry } of read('constellations.lines.json').features) {
  const symbol = /^Ser/.test(id) ? 'Ser' : id;
  const lines = geometry.coordinates.map((line) =>
    line.map(([ra, dec]) => [round(ra), Number(dec.toFixed(3))]),
  );
  const { name = names.get(id), lines: before = [] } = figures.get(symbol) ?? {};
  figures.set(symbol, { name: symbol === 'Ser' ? 'Serpens' : name, lines: [...before, ...lines] });
}

const target = process.argv[2] ?? fileURLToPath(new URL('../data/constellations.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(Object.fromEntries(figures))}\n`);
