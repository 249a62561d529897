/** A job id, 32 hex digits, as four numbers of 32 bits; they compare as the text does. */
export const WORDS = 4;
const DIGITS = 8;

export function writeId(id: string, into: Uint32Array, at: number): void {
  for (let word = 0; word < WORDS; word += 1)
    into[at + word] = Number.parseInt(id.slice(word * DIGITS, (word + 1) * DIGITS), 16);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function readId(from: Uint32Array, at: number): string {
  let id = '';
  for (let word = at; word < at + WORDS; word += 1) {
    const value = from[word] ?? 0;
    for (let shift = 24; shift >= 0; shift -= 8) id += HEX[(value >>> shift) & 0xff];
  }
  return id;
}

/** Of two ids in one array: negative if the first comes first. */
export function compareIds(ids: Uint32Array, a: number, b: number): number {
  for (let word = 0; word < WORDS; word += 1) {
    const difference = (ids[a + word] ?? 0) - (ids[b + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const EMPTY = -1;
const SMALLEST = 64;

/** Finds the row of a job by its id: a hash table with open addressing, of eight bytes for each row and more. */
export class IdSlots {
  readonly #ids: () => Uint32Array;
  #rows: Int32Array;
  #count = 0;
  readonly #sought = new Uint32Array(WORDS);

  /**
   * @param ids the ids of all rows, four numbers each
   * @param count of rows that will be added first
   */
  constructor(ids: () => Uint32Array, count = 0) {
    this.#ids = ids;
    const size = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(2 * count + 1)));
    this.#rows = new Int32Array(size).fill(EMPTY);
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    writeId(id, this.#sought, 0);
    for (let at = this.#homeOf(this.#sought, 0); ; at = this.#next(at)) {
      const row = this.#rows[at] ?? EMPTY;
      if (row === EMPTY || this.#isSought(row)) return row;
    }
  }

  /** A row whose id is in no other. */
  add(row: number): void {
    if ((this.#count + 1) * 2 > this.#rows.length) this.#grow();
    this.#count += 1;
    this.#place(row);
  }

  remove(row: number): void {
    const ids = this.#ids();
    let hole = this.#homeOf(ids, row * WORDS);
    while (this.#rows[hole] !== row) hole = this.#next(hole);
    this.#count -= 1;
    // Rows that stand behind the hole because it was taken move up, so that a search may end at the first empty place.
    for (let at = this.#next(hole); this.#rows[at] !== EMPTY; at = this.#next(at)) {
      const home = this.#homeOf(ids, (this.#rows[at] ?? 0) * WORDS);
      const mask = this.#rows.length - 1;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      this.#rows[hole] = this.#rows[at] ?? EMPTY;
      hole = at;
    }
    this.#rows[hole] = EMPTY;
  }

  #grow(): void {
    const rows = this.#rows;
    this.#rows = new Int32Array(rows.length * 2).fill(EMPTY);
    for (const row of rows) if (row !== EMPTY) this.#place(row);
  }

  #place(row: number): void {
    let at = this.#homeOf(this.#ids(), row * WORDS);
    while (this.#rows[at] !== EMPTY) at = this.#next(at);
    this.#rows[at] = row;
  }

  #homeOf(ids: Uint32Array, at: number): number {
    let hash = 0;
    for (let word = 0; word < WORDS; word += 1) hash = Math.imul(hash ^ (ids[at + word] ?? 0), 0x9e3779b1);
    return (hash ^ (hash >>> 15)) & (this.#rows.length - 1);
  }

  #next(at: number): number {
    return (at + 1) & (this.#rows.length - 1);
  }

  #isSought(row: number): boolean {
    const ids = this.#ids();
    for (let word = 0; word < WORDS; word += 1)
      if (ids[row * WORDS + word] !== this.#sought[word]) return false;
    return true;
  }
}
