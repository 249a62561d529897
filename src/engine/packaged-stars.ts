import { buildLevel, LEVEL_SIZES_DEG, levelLimits } from './quad-builder.js';
import { QuadLevel, type QuadLevelData } from './quad-level.js';
import { StarCatalog } from './star-catalog.js';
import { type Allocate, allocatePrivate } from './star-file.js';
import type { IndexRequest, SkyCap, StarIndex, StarIndexSource } from './star-index.js';

/** Of a smaller part of the sky than this, radians, quads are made for one search only. */
const SMALL_CAP = 0.35;

/** The package's own stars as a source of indexes: levels of quads, made when they are first needed, unless they are given. */
export class PackagedStars implements StarIndexSource {
  readonly catalog: StarCatalog;
  readonly #allocate: Allocate;
  readonly #levels = new Map<number, QuadLevel>();

  /**
   * @param stars the decoded catalogue, or the bytes of a star file
   * @param allocate gives the memory of what is made
   * @throws StarFileError for a damaged star file
   */
  constructor(stars: StarCatalog | Uint8Array, allocate: Allocate = allocatePrivate) {
    this.catalog = stars instanceof StarCatalog ? stars : StarCatalog.decode(stars, allocate);
    this.#allocate = allocate;
  }

  /** Gives a level that was made before, by this catalogue's own stars: from a cache or another thread. */
  put(size_deg: number, data: QuadLevelData): void {
    this.#levels.set(size_deg, new QuadLevel(this.catalog, data));
  }

  /** A level over the whole sky, made now if it is not there yet. */
  level(size_deg: number): QuadLevel {
    const known = this.#levels.get(size_deg);
    if (known) return known;
    this.put(size_deg, buildLevel(this.catalog, size_deg, undefined, this.#allocate));
    return this.level(size_deg);
  }

  indexes({ shortest_rad, longest_rad, cap }: IndexRequest): StarIndex[] {
    return LEVEL_SIZES_DEG.filter((size_deg) => {
      const limits = levelLimits(size_deg);
      return limits.longest_rad >= shortest_rad && limits.shortest_rad <= longest_rad;
    }).map((size_deg) => this.#levels.get(size_deg) ?? this.#make(size_deg, cap));
  }

  #make(size_deg: number, cap: SkyCap | undefined): QuadLevel {
    if (!cap || cap.radius > SMALL_CAP) return this.level(size_deg);
    return new QuadLevel(this.catalog, buildLevel(this.catalog, size_deg, cap));
  }
}
