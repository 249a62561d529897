// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { atOnce } from '../async/slices.js';
import { AstroJobsError } from '../job/errors.js';
import { RAD } from '../wcs/sphere.js';
import { kindOf, OBJECT_KINDS, type ObjectKind } from './kinds.js';
import type { CatalogRow } from './types/catalog-row.js';

export type { CatalogRow } from './types/catalog-row.js';

/** How well known an object is; decides what a wide field lists. */
export const FAME = { survey: 0, catalogued: 1, named: 2, always: 3 } as const;

/**
 * A catalogue made ready for searching: columns sorted by declination, so that the band of a field is two binary searches
 * away and a dot product tells what of it is near. At these sizes nothing finer is faster.
 */
export interface CatalogTable {
  /** How many rows there are. */
  readonly length: number;
  /** Degrees, ascending. */
  readonly dec_deg: Float64Array;
  /** Unit vectors, x, y, z one after another. */
  readonly vector: Float64Array;
  /** NaN when unknown. */
  readonly magnitude: Float32Array;
  /** 0 when unknown. */
  readonly size_arcmin: Float32Array;
  /** Index into OBJECT_KINDS. */
  readonly kind: Uint8Array;
  /** One of FAME. */
  readonly fame: Uint8Array;
  /** Half of the largest size, degrees: how far outside a field an object that reaches into it may be centred. */
  readonly maxReach_deg: number;
  /** One of them, the first being 0. */
  row(index: number): CatalogRow;
}

/** The columns of a table that hold plain numbers, all of one length. */
export interface TableColumns {
  ra_deg: ArrayLike<number>;
  dec_deg: ArrayLike<number>;
  magnitude: ArrayLike<number>;
  size_arcmin: ArrayLike<number>;
  kind: ArrayLike<number>;
  fame: ArrayLike<number>;
  row(index: number): CatalogRow;
}

/** Rows are sorted by declinations of so many parts of a degree: far finer than the search looks. */
const SORTED_TO = 1e6;

/** Rows after which the making of a table pauses. */
const STEP = 2048;

/** Sorts columns by declination and reckons what the search needs; pauses now and then. */
export function* buildInSteps(columns: TableColumns): Generator<undefined, CatalogTable> {
  const order = byDeclination(columns.dec_deg);
  const { length } = order;
  yield;
  const table = {
    length,
    dec_deg: new Float64Array(length),
    vector: new Float64Array(3 * length),
    magnitude: new Float32Array(length),
    size_arcmin: new Float32Array(length),
    kind: new Uint8Array(length),
    fame: new Uint8Array(length),
  };
  let maxSize = 0;
  for (let i = 0; i < length; i++) {
    // `order` holds every row once, and columns are of one length.
    const from = order[i]!;
    const dec_deg = columns.dec_deg[from]!;
    const [ra, dec] = [columns.ra_deg[from]! * RAD, dec_deg * RAD];
    const cosDec = Math.cos(dec);
    table.vector[3 * i] = cosDec * Math.cos(ra);
    table.vector[3 * i + 1] = cosDec * Math.sin(ra);
    table.vector[3 * i + 2] = Math.sin(dec);
    table.dec_deg[i] = dec_deg;
    table.magnitude[i] = columns.magnitude[from]!;
    table.size_arcmin[i] = columns.size_arcmin[from]!;
    table.kind[i] = columns.kind[from]!;
    table.fame[i] = columns.fame[from]!;
    maxSize = Math.max(maxSize, columns.size_arcmin[from]!);
    if (i % STEP === STEP - 1) yield;
  }
  return { ...table, maxReach_deg: maxSize / 120, row: (index) => columns.row(order[index]!) };
}

/** Numbers of rows in the order of their declination. Numbers alone are sorted many times as fast as by a comparison. */
function byDeclination(dec_deg: ArrayLike<number>): Uint32Array {
  const { length } = dec_deg;
  const keys = new Float64Array(length);
  for (let i = 0; i < length; i++) keys[i] = Math.round((dec_deg[i]! + 90) * SORTED_TO) * length + i;
  keys.sort();
  return Uint32Array.from(keys, (key) => key % length);
}

/** The number by which a kind stands in the columns of a table. */
export function kindIndex(kind: ObjectKind): number {
  return OBJECT_KINDS.indexOf(kind);
}

/**
 * Makes a catalogue of one's own searchable: build it once, give it to `objectsInField` as often as wanted.
 * Any number of rows, in any order. Its objects are listed however wide the field is, unless an explicit limit says no.
 *
 * @throws AstroJobsError `invalid_params` for a row without a name or a position.
 * @example
 * const variables = createCatalog([{ name: 'T CrB', type: 'star', ra_deg: 239.8757, dec_deg: 25.9202, magnitude: 10 }]);
 * objectsInField(wcs, { catalogs: [variables] });
 */
export function createCatalog(rows: readonly CatalogRow[]): CatalogTable {
  rows.forEach(({ name, ra_deg, dec_deg }, i) => {
    if (typeof name !== 'string' || name === '' || !Number.isFinite(ra_deg) || !(Math.abs(dec_deg) <= 90))
      throw new AstroJobsError(
        'invalid_params',
        `Expected row ${i} of the catalogue to have a name, ra_deg and dec_deg (degrees, J2000), got ${JSON.stringify(rows[i])}`,
      );
  });
  // A table asks for rows that it has.
  const kept = rows.map((row) => ({ ...row }));
  const columns: TableColumns = {
    ra_deg: kept.map((row) => row.ra_deg),
    dec_deg: kept.map((row) => row.dec_deg),
    magnitude: kept.map((row) => row.magnitude ?? Number.NaN),
    size_arcmin: kept.map((row) => row.size_arcmin ?? 0),
    kind: kept.map((row) => kindIndex(kindOf(row.type))),
    fame: kept.map(() => FAME.always),
    row: (index) => kept[index]!,
  };
  return atOnce(buildInSteps(columns));
}
