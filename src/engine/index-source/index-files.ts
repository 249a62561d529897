// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { DEG } from '../../wcs/sphere.js';
import type { ByteSource } from '../index-file/byte-source.js';
import { type IndexCoverage, readCoverage } from '../index-file/coverage.js';
import { readPrimary } from '../index-file/fits-tables.js';
import { mayOverlap } from '../index-file/healpix.js';
import { openIndexFile } from '../index-file/index-file.js';
import { PageCache } from '../index-file/page-cache.js';
import type { IndexRequest, SkyCap, StarIndex, StarIndexSource } from '../star-index.js';
import { FileIndex } from './file-index.js';

/** An index file that has yet to be opened. */
export interface IndexFilePlace {
  /** What a solution calls it. */
  name: string;
  /** Called when the file is needed: first for what it covers, and again for its use. */
  open(): ClosableBytes;
}

/** Bytes that may hold something open. */
export interface ClosableBytes extends ByteSource {
  close?(): void;
}

export interface IndexFilesOptions {
  /** Only files whose shortest quad is shorter than this, radians. @default any */
  shorterThan_rad?: number;
  /** Memory for pages of all files together, bytes. */
  cacheBytes?: number;
  /** Is told of each file that cannot be used, once. */
  onFailure?: (name: string, error: unknown) => void;
}

/** Codes of four million quads and the stars of their surroundings; less makes a blind search read files again and again. */
const DEFAULT_CACHE_BYTES = 64 << 20;

/** What is known of a file: nothing, what it covers, its index, or that it cannot be used. */
interface KnownFile {
  place: IndexFilePlace;
  coverage?: IndexCoverage;
  index?: FileIndex;
  bytes?: ClosableBytes;
  isUseless?: true;
}

/**
 * astrometry.net's index files as a source of indexes, the ones of the largest quads first, since an image has more bright stars for
 * them. A file is looked at when an image is first searched, and opened when one needs quads of its size and place.
 */
export class IndexFiles implements StarIndexSource {
  readonly #files: KnownFile[];
  readonly #cache: PageCache;
  readonly #shorterThan_rad: number;
  readonly #onFailure: (name: string, error: unknown) => void;

  constructor(
    places: readonly IndexFilePlace[],
    {
      shorterThan_rad = Number.POSITIVE_INFINITY,
      cacheBytes = DEFAULT_CACHE_BYTES,
      onFailure = () => {},
    }: IndexFilesOptions = {},
  ) {
    this.#files = places.map((place) => ({ place }));
    this.#cache = new PageCache(cacheBytes);
    this.#shorterThan_rad = shorterThan_rad;
    this.#onFailure = onFailure;
  }

  indexes({ shortest_rad, longest_rad, cap }: IndexRequest): StarIndex[] {
    const indexes = this.#files.flatMap((file) => {
      const coverage = this.#coverage(file);
      if (!coverage) return [];
      const { quadSize_rad: size, cell } = coverage;
      if (size.high < shortest_rad || size.low > longest_rad || size.low >= this.#shorterThan_rad) return [];
      if (cap && cell && !mayOverlap(cell, circleOf(cap))) return [];
      return this.#index(file) ?? [];
    });
    return indexes.sort((a, b) => b.longest_rad - a.longest_rad);
  }

  /** Closes all files; they are opened again when they are needed. */
  close(): void {
    for (const file of this.#files) this.#close(file);
  }

  #coverage(file: KnownFile): IndexCoverage | undefined {
    if (file.isUseless || file.coverage) return file.coverage;
    const { place } = file;
    return this.#attempt(file, () => {
      const bytes = place.open();
      try {
        file.coverage = readCoverage(readPrimary(bytes).header);
      } finally {
        bytes.close?.();
      }
      return file.coverage;
    });
  }

  #index(file: KnownFile): FileIndex | undefined {
    if (file.isUseless || file.index) return file.index;
    const { place } = file;
    return this.#attempt(file, () => {
      file.bytes = place.open();
      const opened = openIndexFile(file.bytes, { cache: this.#cache });
      file.index = new FileIndex(place.name, opened, (error) => this.#fail(file, error));
      return file.index;
    });
  }

  #attempt<T>(file: KnownFile, open: () => T): T | undefined {
    try {
      return open();
    } catch (error) {
      this.#fail(file, error);
      return undefined;
    }
  }

  #fail(file: KnownFile, error: unknown): void {
    this.#close(file);
    delete file.coverage;
    file.isUseless = true;
    this.#onFailure(file.place.name, error);
  }

  #close(file: KnownFile): void {
    file.index?.close();
    file.bytes?.close?.();
    delete file.index;
    delete file.bytes;
  }
}

function circleOf({ direction, radius }: SkyCap) {
  // A direction has three numbers.
  const [x, y, z] = [direction[0]!, direction[1]!, direction[2]!];
  return {
    ra_deg: Math.atan2(y, x) * DEG,
    dec_deg: Math.atan2(z, Math.hypot(x, y)) * DEG,
    radius_deg: radius * DEG,
  };
}
