// Reduces OpenNGC (https://github.com/mattiaverga/OpenNGC, CC BY-SA 4.0) to the axes and angles that the catalogue takes from it.
// `node scripts/reduce-openngc.mjs FOLDER > scripts/catalog/openngc-shapes.tsv`, FOLDER holding its NGC.csv and addendum.csv;
// made from its commit 17397545d4e64708e2f4867796d97d33a1fff40f.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a cluster OpenNGC gives the radius of its core by MWSC, and of a pair or group the extent of one member. */
const EXTENDED = new Set(['G', 'HII', 'EmN', 'Neb', 'RfN', 'SNR', 'PN', 'DrkN']);

/** `NGC0224`, `IC1613`, `B033` as the catalogue writes them; a galaxy of another list by its PGC number. */
function designation(name, identifiers) {
  const pgc = /^(NGC|IC)/.test(name) ? undefined : /PGC 0*(\d+)/.exec(identifiers)?.[1];
  const [, catalog, number, rest] = /^([A-Z]+?)0*(\d+)(.*)$/i.exec(pgc ? `PGC${pgc}` : name) ?? [];
  return catalog && `${catalog} ${number}${rest.trim()}`;
}

const [folder] = process.argv.slice(2);
const rows = ['NGC.csv', 'addendum.csv'].flatMap((name) => {
  const [head, ...lines] = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const columns = head.split(';');
  return lines.map((line) => Object.fromEntries(line.split(';').map((cell, i) => [columns[i], cell])));
});

console.log(`# Major and minor axis (arcmin), position angle of the major axis (degrees east of north).
# From OpenNGC by Mattia Verga, https://github.com/mattiaverga/OpenNGC, CC BY-SA 4.0, and under the same licence.
# Written by scripts/reduce-openngc.mjs.`);
for (const { Name, Type, MajAx, MinAx, PosAng, Identifiers } of rows) {
  const id = designation(Name, Identifiers);
  if (!id || !EXTENDED.has(Type) || MajAx === '' || MinAx === '') continue;
  console.log(
    [id, Number(MajAx), Number(MinAx), PosAng === '' ? '' : Number(PosAng) % 180].join('\t').trimEnd(),
  );
}
