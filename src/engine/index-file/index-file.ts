// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { ByteSource } from './byte-source.js';
import { IndexFileError } from './error.js';
import { readTables } from './fits-tables.js';
import { IndexTables } from './index-tables.js';
import { openLayout, treeHeader } from './kd-layout.js';
import { KdTree } from './kd-tree.js';
import { type IndexMetadata, readMetadata } from './metadata.js';
import { PageCache } from './page-cache.js';
import type { PagedTable } from './paged-table.js';
import { openMagnitudes, type TagAlongNumbers } from './tag-along.js';

/** How far the square of a stored star's length may be from 1: a star kept as three 16-bit numbers is off by some 10⁻⁴. */
const UNIT_TOLERANCE = 1e-3;

/** How an index file is read. */
export interface IndexFileOptions {
  /**
   * Bounds the memory for pages of the file. One cache may serve many files.
   * @default one of 8 MiB for this file
   */
  cache?: PageCache;
}

/**
 * One of astrometry.net's index files: stars, quads of stars, and a tree of the quads' codes. Positions are J2000 (ICRS) unit
 * vectors: x towards RA 0°, Dec 0°, y towards RA 90°, z towards the north pole. Stars and quads are numbered from 0.
 *
 * Only headers are read at first, everything else a page at a time when it is needed; so a damaged file may be noticed by any method.
 * Every method throws `IndexFileError` (`corrupt`, or `truncated` when the file became shorter) in that case, and a `RangeError`
 * for a number of a star or quad that the file does not have.
 */
export class IndexFile {
  /** What the header says of it. */
  readonly metadata: IndexMetadata;
  /** The name of the magnitudes' column, `MAG_VT` for instance; undefined where the file has none. */
  readonly magnitudeColumn: string | undefined;
  readonly #tables: IndexTables;
  readonly #quads: PagedTable;
  readonly #codes: KdTree;
  readonly #stars: KdTree;
  readonly #sweep: PagedTable | undefined;
  readonly #magnitudes: TagAlongNumbers | undefined;
  readonly #vector = new Float64Array(3);

  constructor(tables: IndexTables) {
    const [codes, stars] = [treeHeader(tables, 'codes'), treeHeader(tables, 'stars')];
    this.metadata = readMetadata(tables.primary, codes, stars, tables.order);
    const counts = this.metadata;
    this.#tables = tables;
    this.#quads = tables.required('quads', { type: 'u32', columns: counts.dimQuads, rows: counts.quads });
    this.#codes = new KdTree(openLayout(tables, 'codes', 2 * (counts.dimQuads - 2), counts.quads));
    this.#stars = new KdTree(openLayout(tables, 'stars', 3, counts.stars));
    this.#sweep = tables.optional('sweep', { type: 'u8', columns: 1, rows: counts.stars });
    this.#magnitudes = openMagnitudes(tables, counts.stars);
    this.magnitudeColumn = this.#magnitudes?.column.name;
  }

  /**
   * Calls `visit` for every quad whose code is within a Euclidean distance of `tolerance` of `code`. Quads come in the order in
   * which the file stores codes; `visit` must not search for codes in this file again, and may do everything else.
   * @param code 2 · (dimQuads − 2) numbers, see `codeOf`.
   */
  searchCodes(code: ArrayLike<number>, tolerance: number, visit: (quad: number) => void): void {
    this.#codes.search(code, tolerance, visit);
  }

  /** The numbers of a quad's stars, A, B, C, …, into the first `dimQuads` elements of `out`. */
  quadStars(quad: number, out: { [index: number]: number }): void {
    const { dimQuads, quads, stars } = this.metadata;
    requireNumber(quad, quads, 'quad');
    const page = this.#quads.pageOf(quad);
    const start = dimQuads * (quad & ((1 << this.#quads.shift) - 1));
    for (let i = 0; i < dimQuads; i++) {
      // The page holds the whole row.
      const star = page[start + i]!;
      if (star >= stars)
        throw new IndexFileError('corrupt', `The quad ${quad} names a star that there is not`);
      out[i] = star;
    }
  }

  /** A quad's code as it is stored, 2 · (dimQuads − 2) numbers. */
  quadCode(quad: number, out: { [index: number]: number }): void {
    requireNumber(quad, this.metadata.quads, 'quad');
    this.#codes.coordinates(quad, out);
  }

  /** A star's unit vector, into the first three elements of `out`. Its length is 1 to within the resolution of the file. */
  starPosition(star: number, out: { [index: number]: number }): void {
    requireNumber(star, this.metadata.stars, 'star');
    const vector = this.#vector;
    this.#stars.coordinates(star, vector);
    // Three numbers were written.
    const [x, y, z] = [vector[0]!, vector[1]!, vector[2]!];
    if (!(Math.abs(x * x + y * y + z * z - 1) < UNIT_TOLERANCE))
      throw new IndexFileError('corrupt', `The star ${star} lies off the sphere`);
    out[0] = x;
    out[1] = y;
    out[2] = z;
  }

  /**
   * Calls `visit` for every star within `radius_rad` of a place, in the order of the file, which is not one of brightness. `visit` must
   * not search for stars in this file again.
   * @param centre unit vector.
   */
  starsInCap(centre: ArrayLike<number>, radius_rad: number, visit: (star: number) => void): void {
    this.#stars.search(centre, 2 * Math.sin(Math.min(radius_rad, Math.PI) / 2), visit);
  }

  /** A star's magnitude in the band of `magnitudeColumn`; NaN where it is not known. */
  magnitude(star: number): number {
    requireNumber(star, this.metadata.stars, 'star');
    return this.#magnitudes?.at(star) ?? Number.NaN;
  }

  /**
   * In which of 256 equal parts of its stars, in the order in which quads were made of them, a star is: first the brightest star of
   * each cell of a grid (`metadata.cut`), brightest first, then the second brightest of each, … NaN where the file does not say.
   */
  sweep(star: number): number {
    requireNumber(star, this.metadata.stars, 'star');
    return this.#sweep?.at(star) ?? Number.NaN;
  }

  /** Frees the memory of its pages. It can be used again, and then reads them again. */
  close(): void {
    this.#tables.close();
  }
}

/**
 * Reads the headers of an index file.
 * @throws IndexFileError saying what is wrong with the file.
 */
export function openIndexFile(
  source: ByteSource,
  { cache = new PageCache() }: IndexFileOptions = {},
): IndexFile {
  return new IndexFile(new IndexTables(source, cache, readTables(source)));
}

function requireNumber(number: number, count: number, what: string): void {
  if (!(Number.isInteger(number) && number >= 0 && number < count))
    throw new RangeError(`There is no ${what} ${number}; the file has ${count}`);
}
