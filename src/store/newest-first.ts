/** Where something stands in a list of jobs. */
export interface Place {
  /** Unix seconds. */
  createdAt: number;
  /** Tells those of one instant apart, always in the same way. */
  tie: string | number;
}

/** Later changes are worth a sorting; before, each is put into its place by itself. */
const FEW = 64;

/** Negative if `a` is newer. */
function byAge(a: Place, b: Place): number {
  return b.createdAt - a.createdAt || (a.tie < b.tie ? 1 : a.tie > b.tie ? -1 : 0);
}

/** A list that is kept newest first, so that a page costs no more at its millionth member than at its first. */
export class NewestFirst<T extends Place> {
  #sorted: T[] = [];
  /** Changes since it was last read. */
  readonly #added = new Set<T>();
  readonly #removed = new Set<T>();

  add(item: T): void {
    if (!this.#removed.delete(item)) this.#added.add(item);
  }

  remove(item: T): void {
    if (!this.#added.delete(item)) this.#removed.add(item);
  }

  /** At most `limit` of those behind a place that pass, in their order. */
  take(limit: number, passes: (item: T) => boolean, after?: Place): T[] {
    this.#settle();
    const taken: T[] = [];
    const start = after ? this.#firstBehind(after) : 0;
    for (let at = start; at < this.#sorted.length && taken.length < limit; at += 1) {
      const item = this.#sorted[at];
      if (item && passes(item)) taken.push(item);
    }
    return taken;
  }

  #settle(): void {
    if (this.#added.size + this.#removed.size > FEW) {
      const kept =
        this.#removed.size > 0 ? this.#sorted.filter((item) => !this.#removed.has(item)) : this.#sorted;
      this.#sorted = [...kept, ...this.#added].sort(byAge);
    } else {
      for (const item of this.#removed) this.#sorted.splice(this.#firstBehind(item) - 1, 1);
      for (const item of this.#added) this.#sorted.splice(this.#firstBehind(item), 0, item);
    }
    this.#added.clear();
    this.#removed.clear();
  }

  /** Index of the first that is older than a place. */
  #firstBehind(place: Place): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#sorted[middle];
      if (item && byAge(item, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
