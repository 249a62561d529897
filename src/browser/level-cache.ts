const CACHE = 'astro-jobs-quads';
/** Keys of a cache are addresses; this one leads nowhere. */
const BASE = 'https://astro-jobs.invalid/';

/**
 * Quads that were made before, in the browser's Cache Storage: all of them take 120 MB there, and ten seconds to make. Whatever goes wrong
 * with it (a private window, a full disk, a page that came over plain HTTP) costs time and nothing else.
 */
export class LevelCache {
  readonly #cache: Cache;
  readonly #names: Set<string>;

  private constructor(cache: Cache, names: Set<string>) {
    this.#cache = cache;
    this.#names = names;
  }

  /**
   * @param known names of files that are of use; those of earlier versions are removed
   * @returns undefined where the browser keeps nothing
   */
  static async open(known: readonly string[]): Promise<LevelCache | undefined> {
    try {
      const cache = await caches.open(CACHE);
      const names = new Set<string>();
      for (const request of await cache.keys()) {
        const name = request.url.slice(BASE.length);
        if (known.includes(name)) names.add(name);
        else await cache.delete(request);
      }
      return new LevelCache(cache, names);
    } catch {
      return undefined;
    }
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** The bytes of a file; undefined when it is not there or cannot be read. */
  async read(name: string): Promise<Uint8Array | undefined> {
    if (!this.has(name)) return undefined;
    try {
      const response = await this.#cache.match(BASE + name);
      return response && new Uint8Array(await response.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  async write(name: string, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    try {
      await this.#cache.put(BASE + name, new Response(new Blob([...pieces])));
      this.#names.add(name);
    } catch {
      // It is made again at the next visit.
    }
  }
}
