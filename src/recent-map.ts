/** A map that keeps its `capacity` most recently used entries and forgets the others. */
export class RecentMap<K, V> {
  readonly #capacity: number;
  /** Set anew, a key stands last: the first one is the longest unused. */
  readonly #entries = new Map<K, V>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#capacity && oldest !== undefined) this.#entries.delete(oldest);
  }

  keys(): K[] {
    return [...this.#entries.keys()];
  }

  /** Whether there was such an entry. */
  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  /** The value of a key; made, and kept, when there is none. */
  getOrMake(key: K, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }
}
