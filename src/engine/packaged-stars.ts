import { buildLevel, levelLimits, levelSizes } from './quad-builder.js';
import { QuadLevel, type QuadLevelData } from './quad-level.js';
import { StarCatalog } from './star-catalog.js';
import { type Allocate, allocatePrivate } from './star-file.js';
import type { IndexRequest, StarIndex, StarIndexSource } from './star-index.js';

/** Of a smaller part of the sky than this, radians, quads are made for one search only. */
const SMALL_CAP = 0.35;

/**
 * The levels with quads that a search needs, the smallest first: their sizes in degrees.
 * @param starCount stars of the catalogue
 */
export function levelSizesFor({ shortest_rad, longest_rad }: IndexRequest, starCount: number): number[] {
  return levelSizes(starCount).filter((size_deg) => {
    const limits = levelLimits(size_deg);
    return limits.longest_rad >= shortest_rad && limits.shortest_rad <= longest_rad;
  });
}

/** Whether a search needs so little of the sky that its quads are made for it alone. */
export function isSmallPart({ cap }: IndexRequest): boolean {
  return cap !== undefined && cap.radius <= SMALL_CAP;
}

/** Where stars and quads are kept. */
export interface PackagedStarsOptions {
  /** Gives the memory of what is made. @default memory of this thread */
  allocate?: Allocate;
  /**
   * Where levels over the whole sky come from: they are made when a search first needs them, or `put`; then a search goes without those
   * that are not there.
   * @default 'made'
   */
  levels?: 'made' | 'put';
}

/** The package's own stars as a source of indexes. */
export class PackagedStars implements StarIndexSource {
  /** The stars. */
  readonly catalog: StarCatalog;
  readonly #allocate: Allocate;
  readonly #isMaker: boolean;
  readonly #levels = new Map<number, QuadLevel>();

  /**
   * @param stars the decoded catalogue, or the bytes of a star file
   * @throws StarFileError for a damaged star file
   */
  constructor(
    stars: StarCatalog | Uint8Array,
    { allocate = allocatePrivate, levels = 'made' }: PackagedStarsOptions = {},
  ) {
    this.catalog = stars instanceof StarCatalog ? stars : StarCatalog.decode(stars, allocate);
    this.#allocate = allocate;
    this.#isMaker = levels === 'made';
  }

  /** Gives a level that was made before, by this catalogue's own stars: from a cache or another thread. */
  put(size_deg: number, data: QuadLevelData): void {
    this.#levels.set(size_deg, new QuadLevel(this.catalog, data));
  }

  /** A level over the whole sky, made now if it is not there yet. */
  level(size_deg: number): QuadLevel {
    const known = this.#levels.get(size_deg);
    if (known) return known;
    const made = new QuadLevel(this.catalog, buildLevel(this.catalog, size_deg, undefined, this.#allocate));
    this.#levels.set(size_deg, made);
    return made;
  }

  /** The levels of quads that a search needs, made where they are not there yet. */
  indexes(request: IndexRequest): StarIndex[] {
    return this.#indexes(request, levelSizesFor(request, this.catalog.count));
  }

  /** The same source as if it had levels of these sizes only, degrees. */
  only(sizes: readonly number[]): StarIndexSource {
    return {
      indexes: (request) =>
        this.#indexes(
          request,
          levelSizesFor(request, this.catalog.count).filter((size) => sizes.includes(size)),
        ),
    };
  }

  #indexes(request: IndexRequest, sizes: readonly number[]): StarIndex[] {
    return sizes.flatMap((size_deg) => {
      const known = this.#levels.get(size_deg);
      if (known) return [known];
      if (isSmallPart(request))
        return [new QuadLevel(this.catalog, buildLevel(this.catalog, size_deg, request.cap))];
      return this.#isMaker ? [this.level(size_deg)] : [];
    });
  }
}
