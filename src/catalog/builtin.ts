// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress, brotliDecompressSync } from 'node:zlib';
import { atOnce, inSlices } from '../async/slices.js';
import { packageFile } from '../package-files.js';
import { kindOf } from './kinds.js';
import {
  buildInSteps,
  type CatalogRow,
  type CatalogTable,
  FAME,
  kindIndex,
  type TableColumns,
} from './table.js';

/**
 * What scripts/build-catalog.mjs writes, a JSON text a line: columns of whole numbers, texts joined by '|'; the columns of a table are of
 * one length.
 */
interface CatalogFile {
  types: string[];
  /** Positions in 1e-5 degree, magnitudes and axes (arcmin) in hundredths, position angles in degrees. */
  deepSky: Record<'ra' | 'dec' | 'type', number[]> &
    Record<'mag' | 'size' | 'minor' | 'pa', (number | null)[]> &
    Record<'ids' | 'names', string[]>;
  /** Positions in 1e-4 degree; HIP numbers as differences. */
  stars: Record<'ra' | 'dec' | 'mag' | 'hip', number[]> & {
    names: string[];
    /** Index, mas a year in RA·cos Dec and in Dec. */
    motion: [number, number, number][];
  };
}

/** Catalogues that an amateur knows by number; the rest are surveys. */
const WELL_KNOWN = /^(NGC|IC|Sh2|B|Cr|Mel)\b/;
const BAYER_OR_FLAMSTEED = /^(\p{Script=Greek}|[A-Za-z]|\d+)[¹²³⁴⁵⁶⁷⁸⁹]* [A-Z][A-Za-z]{2}$/u;
const DESIGNATION = /^(HD|HIP) \d+$|^V\d+ /;

const catalogFile = () => packageFile('data', 'catalog.json.br');

let tables: readonly CatalogTable[] | undefined;

/** The catalogue that comes with the package, deep sky and stars; read once, at the first call. */
export function builtinCatalog(): readonly CatalogTable[] {
  tables ??= atOnce(load(brotliDecompressSync(readFileSync(catalogFile()))));
  return tables;
}

/** Reads it beforehand, and lets this thread do other work meanwhile. */
export async function prepareCatalog(): Promise<void> {
  if (tables) return;
  const loaded = await inSlices(load(await promisify(brotliDecompress)(await readFile(catalogFile()))));
  tables ??= loaded;
}

function* load(bytes: Buffer): Generator<undefined, readonly CatalogTable[]> {
  const read: { [table: string]: Record<string, unknown> } = {};
  let types: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    const line: unknown = JSON.parse(bytes.toString('utf8', start, end));
    if (Array.isArray(line)) {
      const [table, column, values] = line as [string, string, unknown[]];
      read[table] = { ...read[table], [column]: values };
    } else ({ types } = line as Pick<CatalogFile, 'types'>);
    start = end + 1;
    yield;
  }
  const file = { types, ...read } as unknown as CatalogFile;
  const found = [];
  for (const columnsOf of [deepSky, stars]) {
    const columns = columnsOf(file);
    yield;
    found.push(yield* buildInSteps(columns));
  }
  return found;
}

function deepSky({ deepSky: columns, types }: CatalogFile): TableColumns {
  const kinds = types.map((type) => kindIndex(kindOf(type)));
  return {
    // The file holds no type beyond its list, and a table asks for rows that it has.
    length: columns.ra.length,
    ra_deg: (i) => columns.ra[i]! / 1e5,
    dec_deg: (i) => columns.dec[i]! / 1e5,
    magnitude: (i) => (columns.mag[i] ?? Number.NaN) / 100,
    size_arcmin: (i) => (columns.size[i] ?? 0) / 100,
    kind: (i) => kinds[columns.type[i]!]!,
    fame: (i) => {
      const ids = columns.ids[i]!;
      if (columns.names[i] !== '' || /^M /.test(ids) || /(^|\|)C \d/.test(ids)) return FAME.named;
      return WELL_KNOWN.test(ids) ? FAME.catalogued : FAME.survey;
    },
    row: (i) => {
      const ids = texts(columns.ids[i]!);
      const common = texts(columns.names[i]!);
      const [first = ''] = ids;
      const spoken = common[0] ?? first.replace(/^ACO /, 'Abell ');
      const [, catalog = '', id = first] = /^([^\s-]+)[ -](.+)$/.exec(first) ?? [];
      return row(spoken, [...common, ...ids], catalog, id, types[columns.type[i]!]!, {
        ra_deg: columns.ra[i]! / 1e5,
        dec_deg: columns.dec[i]! / 1e5,
        magnitude: columns.mag[i]!,
        size: columns.size[i]!,
        minor: columns.minor[i]!,
        axis_pa_deg: columns.pa[i]!,
      });
    },
  };
}

const texts = (joined: string) => (joined === '' ? [] : joined.split('|'));

function stars({ stars: columns }: CatalogFile): TableColumns {
  const hip = Int32Array.from(columns.hip);
  for (let i = 1; i < hip.length; i++) hip[i]! += hip[i - 1]!;
  const star = kindIndex('star');
  const motions = new Map(columns.motion.map(([i, ...motion]) => [i, motion] as const));
  return {
    length: hip.length,
    ra_deg: (i) => columns.ra[i]! / 1e4,
    dec_deg: (i) => columns.dec[i]! / 1e4,
    magnitude: (i) => columns.mag[i]! / 100,
    size_arcmin: () => 0,
    kind: () => star,
    fame: (i) => {
      const names = columns.names[i]!;
      if (names === '') return FAME.survey;
      const [first = ''] = texts(names);
      if (DESIGNATION.test(first)) return FAME.survey;
      return BAYER_OR_FLAMSTEED.test(first) ? FAME.catalogued : FAME.named;
    },
    row: (i) => {
      const designation = `HIP ${hip[i]}`;
      const names = [...texts(columns.names[i]!), designation];
      const found = row(names[0] ?? designation, names, 'star', String(hip[i]), 'star', {
        ra_deg: columns.ra[i]! / 1e4,
        dec_deg: columns.dec[i]! / 1e4,
        magnitude: columns.mag[i]!,
      });
      const motion = motions.get(i);
      return motion ? { ...found, motion_mas_per_year: motion } : found;
    },
  };
}

function row(
  name: string,
  names: string[],
  catalog: string,
  id: string,
  type: string,
  data: { ra_deg: number; dec_deg: number } & {
    [column in 'magnitude' | 'size' | 'minor' | 'axis_pa_deg']?: number | null;
  },
): CatalogRow {
  const { magnitude, size, minor, axis_pa_deg } = data;
  return {
    name,
    catalog,
    id,
    names: [...new Set([name, ...names])],
    type,
    ra_deg: data.ra_deg,
    dec_deg: data.dec_deg,
    ...(typeof magnitude === 'number' && { magnitude: magnitude / 100 }),
    ...(typeof size === 'number' && { size_arcmin: size / 100 }),
    ...(typeof size === 'number' &&
      typeof minor === 'number' && { axes_arcmin: [size / 100, minor / 100] as const }),
    ...(typeof axis_pa_deg === 'number' && { axis_pa_deg }),
  };
}
