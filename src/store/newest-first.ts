/** Where something stands in a list of jobs. */
export interface Place {
  /** Unix seconds. */
  createdAt: number;
  /** Tells those of one instant apart, always in the same way. */
  tie: string | number;
}

/** Which items are wanted. */
export interface Filter<T> {
  /** The marks that an item may have, for each column; absent: any. */
  marks: readonly (readonly number[] | undefined)[];
  /** Asked of an item whose marks pass: different items may have the same. */
  passes(item: T): boolean;
}

/** More changes than these are worth a sorting; fewer are put into their places one by one. */
const FEW = 64;

/** Negative if `a` is newer. */
function byAge(a: Place, b: Place): number {
  return b.createdAt - a.createdAt || (a.tie < b.tie ? 1 : a.tie > b.tie ? -1 : 0);
}

/**
 * A list that is kept newest first, so that a page costs no more at its millionth member than at its first. Beside it are columns of
 * numbers, one for each thing that a filter may ask: they are searched many times faster than the items themselves.
 */
export class NewestFirst<T extends Place> {
  readonly #marks: readonly ((item: T) => number)[];
  #items: T[];
  #columns: Uint32Array[] = [];
  /** Changes since it was last read. */
  readonly #added = new Set<T>();
  readonly #removed = new Set<T>();

  /** @param marks what the columns hold of an item, unsigned numbers of 32 bits */
  constructor(marks: readonly ((item: T) => number)[], items: readonly T[] = []) {
    this.#marks = marks;
    this.#items = [...items].sort(byAge);
    this.#fillColumns();
  }

  add(item: T): void {
    if (!this.#removed.delete(item)) this.#added.add(item);
  }

  remove(item: T): void {
    if (!this.#added.delete(item)) this.#removed.add(item);
  }

  /** All of them, in their order. */
  all(): readonly T[] {
    this.#settle();
    return this.#items;
  }

  /** At most `limit` of those behind a place that pass, in their order. */
  take(limit: number, filter: Filter<T>, after?: Place): T[] {
    this.#settle();
    const taken: T[] = [];
    for (const at of this.#candidates(filter, after ? this.#firstBehind(after) : 0)) {
      if (taken.length >= limit) break;
      const item = this.#items[at];
      if (item && filter.passes(item)) taken.push(item);
    }
    return taken;
  }

  /** Indices of all with the right marks, from one on. */
  *#candidates({ marks }: Filter<T>, start: number): Generator<number, void, void> {
    const asked = marks.flatMap((allowed, at) => {
      const column = this.#columns[at];
      return allowed && column ? [{ allowed, column }] : [];
    });
    // The last column is searched, natively; the others are looked at where it has something.
    const searched = asked.pop();
    if (!searched) {
      for (let at = start; at < this.#items.length; at += 1) yield at;
      return;
    }
    const find = (mark: number, from: number) => ({ mark, at: searched.column.indexOf(mark, from) });
    const isFound = ({ at }: { at: number }) => at >= 0 && at < this.#items.length;
    let found = searched.allowed.map((mark) => find(mark, start)).filter(isFound);
    while (found.length > 0) {
      const nearest = found.reduce((a, b) => (b.at < a.at ? b : a));
      if (asked.every(({ allowed, column }) => allowed.includes(column[nearest.at] ?? 0))) yield nearest.at;
      found = found.map((one) => (one === nearest ? find(one.mark, one.at + 1) : one)).filter(isFound);
    }
  }

  #settle(): void {
    if (this.#added.size + this.#removed.size > FEW) {
      const kept = this.#items.filter((item) => !this.#removed.has(item));
      this.#items = [...kept, ...this.#added].sort(byAge);
      this.#fillColumns();
    } else {
      for (const item of this.#removed) this.#splice(this.#firstBehind(item) - 1, 1);
      for (const item of this.#added) this.#splice(this.#firstBehind(item), 0, item);
    }
    this.#added.clear();
    this.#removed.clear();
  }

  #splice(at: number, gone: number, ...items: T[]): void {
    const length = this.#items.length;
    this.#items.splice(at, gone, ...items);
    if (this.#items.length > (this.#columns[0]?.length ?? 0)) {
      this.#fillColumns();
      return;
    }
    for (const [column, markOf] of this.#marks.entries()) {
      const values = this.#columns[column];
      values?.copyWithin(at + items.length, at + gone, length);
      values?.set(items.map(markOf), at);
    }
  }

  /** With space for some more. */
  #fillColumns(): void {
    const capacity = Math.ceil(this.#items.length * 1.1) + FEW;
    this.#columns = this.#marks.map((markOf) => {
      const column = new Uint32Array(capacity);
      for (const [at, item] of this.#items.entries()) column[at] = markOf(item);
      return column;
    });
  }

  /** Index of the first that is older than a place. */
  #firstBehind(place: Place): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item && byAge(item, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
