/** Rows that came and went are put into their places one by one while they are fewer than these. */
const FEW = 64;

/** Numbers of rows in an order that only their content decides. A row that has gone must keep its content until `settle`. */
export class SortedRows {
  readonly #compare: (a: number, b: number) => number;
  #rows: Uint32Array;
  #length: number;
  readonly #added = new Set<number>();
  readonly #removed = new Set<number>();

  /** @param rows in their order */
  constructor(compare: (a: number, b: number) => number, rows = new Uint32Array(0)) {
    this.#compare = compare;
    this.#rows = rows;
    this.#length = rows.length;
  }

  add(row: number): void {
    this.#added.add(row);
  }

  remove(row: number): void {
    if (!this.#added.delete(row)) this.#removed.add(row);
  }

  /** Sorts in what has come, and out what has gone; its rows may be used for others then. */
  settle(): void {
    const changes = this.#added.size + this.#removed.size;
    if (changes === 0) return;
    if (changes > FEW) this.#merge();
    else {
      for (const row of this.#removed) this.#takeOut(row);
      for (const row of this.#added) this.#putIn(row);
    }
    this.#added.clear();
    this.#removed.clear();
  }

  /** All that are settled, in their order. */
  all(): Uint32Array {
    return this.#rows.subarray(0, this.#length);
  }

  /** The place of the first row that comes behind all for which `isBefore` holds. */
  firstBehind(isBefore: (row: number) => boolean): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#rows[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #takeOut(row: number): void {
    const at = this.firstBehind((other) => this.#compare(other, row) < 0);
    this.#rows.copyWithin(at, at + 1, this.#length);
    this.#length -= 1;
  }

  #putIn(row: number): void {
    if (this.#length === this.#rows.length) this.#rows = withCapacity(this.#rows, this.#length + FEW);
    const at = this.firstBehind((other) => this.#compare(other, row) < 0);
    this.#rows.copyWithin(at + 1, at, this.#length);
    this.#rows[at] = row;
    this.#length += 1;
  }

  #merge(): void {
    const kept = this.all().filter((row) => !this.#removed.has(row));
    const added = Uint32Array.from(this.#added).sort(this.#compare);
    const merged = new Uint32Array(kept.length + added.length + FEW);
    let [fromKept, fromAdded] = [0, 0];
    this.#length = kept.length + added.length;
    for (let at = 0; at < this.#length; at += 1) {
      const [old, come] = [kept[fromKept], added[fromAdded]];
      const isOld = come === undefined || (old !== undefined && this.#compare(old, come) < 0);
      merged[at] = (isOld ? old : come) ?? 0;
      if (isOld) fromKept += 1;
      else fromAdded += 1;
    }
    this.#rows = merged;
  }
}

function withCapacity(rows: Uint32Array, atLeast: number): Uint32Array {
  const larger = new Uint32Array(Math.ceil(atLeast * 1.1));
  larger.set(rows);
  return larger;
}
