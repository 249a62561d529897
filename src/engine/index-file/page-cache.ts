/** Holder of pages that a cache may take back. */
export interface PageOwner {
  /** Whether the page was used since the last call. */
  takeUse(page: number): boolean;
  /** Forgets the page. */
  drop(page: number): void;
}

interface Slot {
  owner: PageOwner;
  page: number;
  bytes: number;
}

/** The default limit of a cache, bytes. */
const DEFAULT_CACHE_BYTES = 8 << 20;

/**
 * Bounds the memory of pages that were read, by the CLOCK algorithm: a page that was used since the hand last passed stays. One cache
 * may serve several files. The newest page stays even where it alone exceeds the limit.
 */
export class PageCache {
  /** The limit, bytes. */
  readonly limit: number;
  readonly #slots: Slot[] = [];
  #hand = 0;
  #bytes = 0;

  /** @param limit bytes; 8 MiB unless told. */
  constructor(limit: number = DEFAULT_CACHE_BYTES) {
    this.limit = limit;
  }

  /** Bytes of the pages that are held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a page into account, and drops others until it fits. */
  admit(owner: PageOwner, page: number, bytes: number): void {
    while (this.#bytes + bytes > this.limit && this.#slots.length > 0) this.#evict();
    this.#slots.push({ owner, page, bytes });
    this.#bytes += bytes;
  }

  /** Drops all pages of one owner. */
  release(owner: PageOwner): void {
    for (let i = this.#slots.length - 1; i >= 0; i--) {
      if (this.#slots[i]?.owner === owner) this.#remove(i);
    }
  }

  /** Ends: the second time round no use is left, unless a page is used meanwhile, which nothing does here. */
  #evict(): void {
    for (;;) {
      if (this.#hand >= this.#slots.length) this.#hand = 0;
      const slot = this.#slots[this.#hand];
      if (slot === undefined) return;
      if (!slot.owner.takeUse(slot.page)) break;
      this.#hand++;
    }
    this.#remove(this.#hand);
  }

  #remove(at: number): void {
    const slot = this.#slots[at];
    const last = this.#slots.pop();
    if (slot === undefined || last === undefined) return;
    if (slot !== last) this.#slots[at] = last;
    this.#bytes -= slot.bytes;
    slot.owner.drop(slot.page);
  }
}
