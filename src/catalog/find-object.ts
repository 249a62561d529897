import { inSlices } from '../async/slices.js';
import { separation } from '../wcs/sphere.js';
import { builtinCatalog, prepareCatalog } from './builtin.js';
import { constellationFigures } from './figures.js';
import type { CatalogRow } from './table.js';

/** How people write the names of catalogues; what the catalogue has itself stands second. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^messier/, 'm'],
  [/^caldwell/, 'c'],
  [/^sh(arpless)?2?(?=\d)/, 'sh2'],
  [/^barnard(?=\d)/, 'b'],
  [/^collinder/, 'cr'],
  [/^melotte/, 'mel'],
];
const GREEK =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma ς tau upsilon phi chi psi omega'
    .split(' ')
    .map((name, i) => [name, String.fromCharCode(0x3b1 + i)] as const);
const GREEK_NAME = new RegExp(`^(${GREEK.map(([name]) => name).join('|')})(?=[¹²³\\d]*[a-z]{3}$)`);
const GREEK_LETTERS: ReadonlyMap<string, string> = new Map(GREEK);

/** Rows after which the making of the index pauses. */
const STEP = 1024;

/** `Messier 31`, `m31` and `M 31` are one; so are `Alpha Ori` and `α Ori`. */
function keyOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{Mn}\s'’._-]+/gu, '');
  const spelled = SPELLINGS.reduce((text, [pattern, short]) => text.replace(pattern, short), plain);
  return spelled.replace(GREEK_NAME, (letter) => GREEK_LETTERS.get(letter) ?? letter);
}

let index: Promise<ReadonlyMap<string, () => CatalogRow>> | undefined;

/**
 * The object of that name in the built-in catalogue, as people write it: `M 31`, `andromeda galaxy`, `NGC7000`, `Vega`, `alpha Ori`; or the
 * constellation, whose place is that of its figure. Undefined when there is none. The first call reads all names, which takes some tenths of a second.
 */
export async function findObject(name: string): Promise<CatalogRow | undefined> {
  await prepareCatalog();
  index ??= inSlices(readNames());
  return (await index).get(keyOf(name))?.();
}

function* readNames(): Generator<undefined, ReadonlyMap<string, () => CatalogRow>> {
  const found = new Map<string, () => CatalogRow>();
  for (const [symbol, { name, lines }] of constellationFigures()) {
    const row = () => ofFigure(symbol, name, lines.flat());
    for (const known of [symbol, name]) found.set(keyOf(known), row);
  }
  for (const table of builtinCatalog())
    for (let i = 0; i < table.length; i++) {
      const row = () => table.row(i);
      for (const known of table.row(i).names ?? []) found.set(keyOf(known), row);
      if (i % STEP === STEP - 1) yield;
    }
  return found;
}

function ofFigure(id: string, name: string, stars: readonly (readonly [number, number])[]): CatalogRow {
  const radians = stars.map(([ra, dec]) => [(ra * Math.PI) / 180, (dec * Math.PI) / 180] as const);
  const sum = (of: (ra: number, dec: number) => number) =>
    radians.reduce((total, [ra, dec]) => total + of(ra, dec), 0);
  const x = sum((ra, dec) => Math.cos(dec) * Math.cos(ra));
  const y = sum((ra, dec) => Math.cos(dec) * Math.sin(ra));
  const z = sum((_, dec) => Math.sin(dec));
  const ra_deg = ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
  const dec_deg = (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI;
  const radius = Math.max(...stars.map(([ra, dec]) => separation(ra_deg, dec_deg, ra, dec)));
  return {
    name,
    catalog: 'constellation',
    id,
    names: [name, id],
    type: 'constellation',
    ra_deg,
    dec_deg,
    size_arcmin: 120 * radius,
  };
}
