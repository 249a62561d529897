// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { IndexFileError } from './error.js';
import type { PagedTable } from './paged-table.js';

/** Marks a row that is not known yet. */
const NONE = 0xffff_ffff;

/** Which row of a tree holds which item, and back. */
export class Permutation {
  readonly #items: PagedTable;
  #rows: Uint32Array | undefined;

  /** @param items for each row the number of its item. */
  constructor(items: PagedTable) {
    this.#items = items;
  }

  /** @throws IndexFileError `corrupt` when it is none. */
  itemOf(row: number): number {
    const item = this.#items.at(row);
    if (item >= this.#items.rows)
      throw new IndexFileError('corrupt', 'A permutation names an item that there is not');
    return item;
  }

  /** Needs four bytes an item, outside of the page cache, from the first call on. */
  rowOf(item: number): number {
    this.#rows ??= this.#invert();
    // An item is one of the table's; all of them have a row.
    return this.#rows[item]!;
  }

  #invert(): Uint32Array {
    const rows = new Uint32Array(this.#items.rows).fill(NONE);
    for (let row = 0; row < rows.length; row++) {
      const item = this.itemOf(row);
      if (rows[item] !== NONE) throw new IndexFileError('corrupt', 'A permutation names an item twice');
      rows[item] = row;
    }
    return rows;
  }
}
