// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { ByteSource } from './byte-source.js';
import {
  type ByteOrder,
  decodeNumbers,
  ELEMENT_BYTES,
  type ElementType,
  type NumberArray,
} from './element-type.js';
import { IndexFileError } from './error.js';
import type { PageCache, PageOwner } from './page-cache.js';

/** Aimed at for one page: large against what a read costs, small against a cache. */
const PAGE_BYTES = 16 << 10;

/** Where a table lies in its file. The bytes from `offset` to its end exist; whoever makes a table has checked that. */
export interface TablePlace {
  name: string;
  /** Of the first row, bytes. */
  offset: number;
  rows: number;
  /** Numbers in a row. */
  columns: number;
  type: ElementType;
  order: ByteOrder;
}

/** Rows of numbers that are read a page at a time, when they are first needed. A row never crosses pages. */
export class PagedTable implements PageOwner {
  readonly rows: number;
  readonly columns: number;
  /** A page holds 2^shift rows. */
  readonly shift: number;
  readonly #source: ByteSource;
  readonly #cache: PageCache;
  readonly #place: TablePlace;
  readonly #pages: (NumberArray | undefined)[];
  readonly #used: Uint8Array;

  constructor(source: ByteSource, cache: PageCache, place: TablePlace) {
    this.rows = place.rows;
    this.columns = place.columns;
    const rowBytes = place.columns * ELEMENT_BYTES[place.type];
    this.shift = Math.max(0, Math.floor(Math.log2(PAGE_BYTES / rowBytes)));
    this.#source = source;
    this.#cache = cache;
    this.#place = place;
    const pages = Math.ceil(place.rows / 2 ** this.shift);
    this.#pages = new Array(pages).fill(undefined);
    this.#used = new Uint8Array(pages);
  }

  /**
   * The page of a row, which must be one of the table's: row r begins at `columns * (r - first)`, first being r without its last
   * `shift` bits. The page stays as it is while it is held, even when the cache drops it.
   * @throws IndexFileError `truncated` when the source has become shorter.
   */
  pageOf(row: number): NumberArray {
    const page = row >>> this.shift;
    this.#used[page] = 1;
    return this.#pages[page] ?? this.#load(page);
  }

  /** The number in a row of a table of one column. The row must be one of the table's. */
  at(row: number): number {
    // The page holds every row of its range that the table has.
    return this.pageOf(row)[row & ((1 << this.shift) - 1)]!;
  }

  takeUse(page: number): boolean {
    const used = this.#used[page] === 1;
    this.#used[page] = 0;
    return used;
  }

  drop(page: number): void {
    this.#pages[page] = undefined;
  }

  #load(page: number): NumberArray {
    const { name, offset, type, order } = this.#place;
    const rowBytes = this.columns * ELEMENT_BYTES[type];
    const first = page * 2 ** this.shift;
    const length = rowBytes * Math.min(2 ** this.shift, this.rows - first);
    const bytes = this.#source.read(offset + first * rowBytes, length);
    if (bytes.byteLength !== length)
      throw new IndexFileError('truncated', `The file ends inside its table ${name}`);
    const numbers = decodeNumbers(bytes, type, order);
    this.#cache.admit(this, page, length);
    this.#pages[page] = numbers;
    return numbers;
  }
}
