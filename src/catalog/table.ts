// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { atOnce } from '../async/slices.js';
import { AstroJobsError } from '../job/errors.js';
import { unitVector } from '../wcs/vector.js';
import { SORTED_TO_DEG } from './band.js';
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
  /** Degrees, ascending in steps of a thousandth. */
  readonly dec_deg: Float64Array;
  /** Unit vectors, x, y, z one after another; those of rows `start` to `end` are there after the call. */
  vectors(start: number, end: number): Float64Array;
  /** NaN when unknown. */
  readonly magnitude: Float32Array;
  /** 0 when unknown. */
  readonly size_arcmin: Float32Array;
  /** Index into OBJECT_KINDS. */
  readonly kind: Uint8Array;
  /** Half of the largest size, degrees: how far outside a field an object that reaches into it may be centred. */
  readonly maxReach_deg: number;
  /** One of FAME. */
  fame(index: number): number;
  /** One of them, the first being 0. */
  row(index: number): CatalogRow;
}

/** What a table is made of: columns of plain numbers, by the number of the row. */
export interface TableColumns {
  length: number;
  ra_deg(row: number): number;
  dec_deg(row: number): number;
  magnitude(row: number): number;
  size_arcmin(row: number): number;
  kind(row: number): number;
  fame(row: number): number;
  row(index: number): CatalogRow;
}

/** Rows after which the making of a table pauses, and whose vectors are reckoned together. */
const STEP = 2048;

/** Sorts columns by declination; pauses now and then. */
export function* buildInSteps(columns: TableColumns): Generator<undefined, CatalogTable> {
  const order = byDeclination(columns);
  const { length } = order;
  yield;
  const [ra_deg, dec_deg] = [new Float64Array(length), new Float64Array(length)];
  const table = {
    length,
    dec_deg,
    magnitude: new Float32Array(length),
    size_arcmin: new Float32Array(length),
    kind: new Uint8Array(length),
  };
  let maxSize = 0;
  for (let i = 0; i < length; i++) {
    // `order` holds every row once.
    const from = order[i]!;
    const size = columns.size_arcmin(from);
    ra_deg[i] = columns.ra_deg(from);
    dec_deg[i] = columns.dec_deg(from);
    table.magnitude[i] = columns.magnitude(from);
    table.size_arcmin[i] = size;
    table.kind[i] = columns.kind(from);
    if (size > maxSize) maxSize = size;
    if (i % STEP === STEP - 1) yield;
  }
  return {
    ...table,
    maxReach_deg: maxSize / 120,
    vectors: vectorsOf(ra_deg, dec_deg),
    fame: fameOf(columns, order),
    row: (index) => columns.row(order[index]!),
  };
}

const UNKNOWN = 255;

/** It is read from names, and of most rows never asked. */
function fameOf(columns: TableColumns, order: Uint32Array): CatalogTable['fame'] {
  const known = new Uint8Array(order.length).fill(UNKNOWN);
  return (index) => {
    if (known[index] === UNKNOWN) known[index] = columns.fame(order[index]!);
    return known[index]!;
  };
}

/** Most fields need the vectors of a few declinations only. */
function vectorsOf(ra_deg: Float64Array, dec_deg: Float64Array): CatalogTable['vectors'] {
  const vector = new Float64Array(3 * dec_deg.length);
  const isMade = new Uint8Array(Math.ceil(dec_deg.length / STEP));
  return (start, end) => {
    for (let step = Math.floor(start / STEP); step * STEP < end; step++) {
      if (isMade[step] === 1) continue;
      isMade[step] = 1;
      const last = Math.min((step + 1) * STEP, dec_deg.length);
      for (let i = step * STEP; i < last; i++) vector.set(unitVector(ra_deg[i]!, dec_deg[i]!), 3 * i);
    }
    return vector;
  };
}

/** Numbers of rows in the order of their declination: counted into bands, which for so many is several times as fast as a comparison. */
function byDeclination({ length, dec_deg }: TableColumns): Uint32Array {
  const bandOf = (row: number) => Math.floor((dec_deg(row) + 90) / SORTED_TO_DEG);
  const starts = new Uint32Array(Math.ceil(180 / SORTED_TO_DEG) + 2);
  for (let row = 0; row < length; row++) starts[bandOf(row) + 1]! += 1;
  for (let band = 1; band < starts.length; band++) starts[band]! += starts[band - 1]!;
  const order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[starts[bandOf(row)]!++] = row;
  return order;
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
    length: kept.length,
    ra_deg: (i) => kept[i]!.ra_deg,
    dec_deg: (i) => kept[i]!.dec_deg,
    magnitude: (i) => kept[i]!.magnitude ?? Number.NaN,
    size_arcmin: (i) => kept[i]!.size_arcmin ?? 0,
    kind: (i) => kindIndex(kindOf(kept[i]!.type)),
    fame: () => FAME.always,
    row: (index) => kept[index]!,
  };
  return atOnce(buildInSteps(columns));
}
