// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { IndexFile } from '../index-file/index-file.js';
import { SkyCells } from '../sky-cells.js';
import type { StarBlock } from '../star-index.js';
import type { BrightStars } from './bright-stars.js';

/** Stars of a list. */
const LIST_LENGTH = 48;
/** Side of a cell, and how far from its middle its list reaches, in lengths of the longest quad. */
const CELL = 0.25;
const REACH = 1.5 + CELL * Math.SQRT1_2;
/** Lists that are kept; one has 576 bytes. */
const MAX_LISTS = 1024;
const NO_CELL = -1;

/** The brightest stars about each of many cells of the sky: made when they are needed, the newest kept. */
export class StarLists {
  readonly #file: IndexFile;
  readonly #bright: BrightStars;
  readonly #cells: SkyCells;
  readonly #reach: number;
  /** Which list is that of a cell. */
  readonly #lists = new Map<number, number>();
  readonly #cellOfList = new Int32Array(MAX_LISTS).fill(NO_CELL);
  readonly #vectors = new Float32Array(3 * LIST_LENGTH * MAX_LISTS);
  readonly #counts = new Uint8Array(MAX_LISTS);
  readonly #block = new ListedStars(this.#vectors, this.#counts);
  readonly #stars = new Int32Array(LIST_LENGTH);
  readonly #vector = new Float64Array(3);
  #next = 0;

  /** @param longest_rad the longest quad of the file */
  constructor(file: IndexFile, bright: BrightStars, longest_rad: number) {
    this.#file = file;
    this.#bright = bright;
    this.#cells = new SkyCells(CELL * longest_rad);
    this.#reach = Math.min(Math.PI, REACH * longest_rad);
  }

  /**
   * The list of the cell in which a direction lies; valid until the next call.
   * @throws IndexFileError
   */
  about(x: number, y: number, z: number): StarBlock {
    const cell = this.#cells.cellOf(x, y, z);
    const list = this.#lists.get(cell) ?? this.#make(cell, z);
    this.#block.list = list;
    return this.#block;
  }

  #make(cell: number, z: number): number {
    const [cells, vector] = [this.#cells, this.#vector];
    const row = cells.rowOf(Math.asin(Math.max(-1, Math.min(1, z))));
    cells.middle(row, cell - cells.cellAt(row, 0), vector);
    // `middle` and `starPosition` write three numbers.
    const count = this.#bright.collect(
      vector[0]!,
      vector[1]!,
      vector[2]!,
      this.#reach,
      LIST_LENGTH,
      this.#stars,
    );
    const list = this.#next;
    for (let i = 0; i < count; i++) {
      this.#file.starPosition(this.#stars[i]!, vector);
      this.#vectors.set(vector, 3 * (LIST_LENGTH * list + i));
    }
    this.#counts[list] = count;
    this.#lists.delete(this.#cellOfList[list]!);
    this.#cellOfList[list] = cell;
    this.#lists.set(cell, list);
    this.#next = (list + 1) % MAX_LISTS;
    return list;
  }
}

class ListedStars implements StarBlock {
  list = 0;
  readonly #vectors: Float32Array;
  readonly #counts: Uint8Array;

  constructor(vectors: Float32Array, counts: Uint8Array) {
    this.#vectors = vectors;
    this.#counts = counts;
  }

  get count(): number {
    return this.#counts[this.list]!;
  }

  direction(number: number, out: Float64Array): void {
    const at = 3 * (LIST_LENGTH * this.list + number);
    out[0] = this.#vectors[at]!;
    out[1] = this.#vectors[at + 1]!;
    out[2] = this.#vectors[at + 2]!;
  }
}
