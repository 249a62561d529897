// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { packageFile } from '../package-files.js';
import { kindOf } from './kinds.js';
import { buildTable, type CatalogRow, type CatalogTable, FAME, kindIndex } from './table.js';

/** What scripts/build-catalog.mjs writes: columns of whole numbers, texts joined by '|'; the columns of a table are of one length. */
interface CatalogFile {
  format: 1;
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

let tables: readonly CatalogTable[] | undefined;

/** The catalogue that comes with the package, deep sky and stars; read once, at the first call. */
export function builtinCatalog(): readonly CatalogTable[] {
  tables ??= load();
  return tables;
}

function load(): readonly CatalogTable[] {
  const file = JSON.parse(
    brotliDecompressSync(readFileSync(packageFile('data', 'catalog.json.br'))).toString('utf8'),
  ) as CatalogFile;
  return [deepSky(file), stars(file)];
}

function deepSky({ deepSky: columns, types }: CatalogFile): CatalogTable {
  const kinds = types.map((type) => kindIndex(kindOf(type)));
  return buildTable({
    ra_deg: columns.ra.map((value) => value / 1e5),
    dec_deg: columns.dec.map((value) => value / 1e5),
    magnitude: columns.mag.map((value) => (value === null ? Number.NaN : value / 100)),
    size_arcmin: columns.size.map((value) => (value ?? 0) / 100),
    // The file holds no type beyond its list, and a table asks for rows that it has.
    kind: columns.type.map((type) => kinds[type]!),
    fame: columns.ids.map((ids, i) => {
      if (columns.names[i] !== '' || /^M /.test(ids) || /(^|\|)C \d/.test(ids)) return FAME.named;
      return WELL_KNOWN.test(ids) ? FAME.catalogued : FAME.survey;
    }),
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
  });
}

const texts = (joined: string) => (joined === '' ? [] : joined.split('|'));

function stars({ stars: columns }: CatalogFile): CatalogTable {
  const hip = Int32Array.from(columns.hip);
  for (let i = 1; i < hip.length; i++) hip[i]! += hip[i - 1]!;
  const motions = new Map(columns.motion.map(([i, ...motion]) => [i, motion] as const));
  return buildTable({
    ra_deg: columns.ra.map((value) => value / 1e4),
    dec_deg: columns.dec.map((value) => value / 1e4),
    magnitude: columns.mag.map((value) => value / 100),
    size_arcmin: new Float32Array(hip.length),
    kind: new Uint8Array(hip.length).fill(kindIndex('star')),
    fame: columns.names.map((names) => {
      if (names === '') return FAME.survey;
      const [first = ''] = texts(names);
      if (DESIGNATION.test(first)) return FAME.survey;
      return BAYER_OR_FLAMSTEED.test(first) ? FAME.catalogued : FAME.named;
    }),
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
  });
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
