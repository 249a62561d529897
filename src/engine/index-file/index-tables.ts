import type { ByteSource } from './byte-source.js';
import { type ByteOrder, ELEMENT_BYTES, type ElementType } from './element-type.js';
import { IndexFileError } from './error.js';
import type { FitsTable, FitsTables } from './fits-tables.js';
import type { Header } from './header.js';
import type { PageCache } from './page-cache.js';
import { PagedTable } from './paged-table.js';

/** What a table of an index file has to be. */
export interface TableShape {
  type: ElementType;
  columns: number;
  rows: number;
}

const ORDERS: ReadonlyMap<string | undefined, ByteOrder> = new Map([
  ['04:03:02:01', 'little'],
  ['01:02:03:04', 'big'],
]);

/** The tables of one index file, found by the name of their first column, as astrometry.net names them. */
export class IndexTables {
  readonly primary: Header;
  readonly order: ByteOrder;
  readonly #source: ByteSource;
  readonly #cache: PageCache;
  readonly #tables: readonly FitsTable[];
  readonly #opened: PagedTable[] = [];

  /** @throws IndexFileError `not_an_index` without a byte order. */
  constructor(source: ByteSource, cache: PageCache, { primary, tables }: FitsTables) {
    this.#source = source;
    this.#cache = cache;
    this.#tables = tables;
    this.primary = primary;
    this.order = orderOf(primary);
  }

  /** The first table unit for which `is` holds. */
  find(is: (header: Header) => boolean): FitsTable | undefined {
    return this.#tables.find(({ header }) => is(header));
  }

  /**
   * A table of numbers; undefined where there is none of that name.
   * @throws IndexFileError `corrupt` when it is not of that shape.
   */
  optional(name: string, shape: TableShape): PagedTable | undefined {
    const table = this.find((header) => header.text('TTYPE1')?.toLowerCase() === name);
    if (table === undefined) return undefined;
    const { rows, rowBytes } = table;
    const expected = shape.columns * ELEMENT_BYTES[shape.type];
    if (rows !== shape.rows || rowBytes !== expected) {
      throw new IndexFileError(
        'corrupt',
        `The table ${name} has ${rows} rows of ${rowBytes} bytes in place of ${shape.rows} of ${expected}`,
      );
    }
    return this.open(name, table, { ...shape, order: this.order });
  }

  /** As `optional`; @throws IndexFileError `not_an_index` where there is none. */
  required(name: string, shape: TableShape): PagedTable {
    const table = this.optional(name, shape);
    if (table === undefined) throw new IndexFileError('not_an_index', `There is no table ${name}`);
    return table;
  }

  /** A table that was found, read as numbers of one type. */
  open(name: string, table: FitsTable, shape: TableShape & { order: ByteOrder }): PagedTable {
    const opened = new PagedTable(this.#source, this.#cache, { ...shape, name, offset: table.offset });
    this.#opened.push(opened);
    return opened;
  }

  /** Drops what the cache holds of this file. */
  close(): void {
    for (const table of this.#opened) this.#cache.release(table);
  }
}

/**
 * In which order the bytes of a number stand.
 * @throws IndexFileError `not_an_index` without it, `unsupported` for a mixed order.
 */
export function orderOf(header: Header): ByteOrder {
  const text = header.text('ENDIAN');
  const order = ORDERS.get(text);
  if (order !== undefined) return order;
  if (text === undefined) throw new IndexFileError('not_an_index', 'The header has no ENDIAN');
  throw new IndexFileError('unsupported', 'The bytes of numbers stand in a mixed order');
}
