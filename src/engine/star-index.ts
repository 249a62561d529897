/** Quads of a star index whose code is close to one that was asked for; reused from question to question. */
export class QuadHits {
  /** Numbers of the stars, `starsPerQuad` a hit, in the order in which the asked code names them: A, B, C, D, … */
  stars = new Int32Array(1 << 10);
  /** How many quads were found. */
  count = 0;

  /** Makes sure that `more` numbers fit behind those of `used`. */
  reserve(used: number, more: number): void {
    if (used + more <= this.stars.length) return;
    const larger = new Int32Array(Math.max(2 * this.stars.length, used + more));
    larger.set(this.stars);
    this.stars = larger;
  }
}

/** Stars about a place, the brightest first. */
export interface StarBlock {
  /** How many stars there are. */
  readonly count: number;
  /** Direction of one of them, 0 the brightest, into the first three elements of `out`. */
  direction(number: number, out: Float64Array): void;
}

/**
 * Stars and quads of one range of sizes: a level of the package's own stars, or one of astrometry.net's index files. Directions are
 * unit vectors, J2000; angles radians. Stars are numbered from 0 within one index.
 */
export interface StarIndex {
  /** What logs and results call it. */
  readonly name: string;
  /** Stars of one quad: 4, or 3 or 5 of some index files. */
  readonly starsPerQuad: 3 | 4 | 5;
  /** Limits of the angle AB of its quads. */
  readonly shortest_rad: number;
  /** Largest angle AB of its quads, radians. */
  readonly longest_rad: number;

  /**
   * Finds the quads that four (three, five) stars of an image may be.
   * @param code x and y of C, D, … in the frame in which A is (0, 0) and B is (1, 0), see quad-code.ts; any naming of the stars will do
   * @param tolerance largest difference of each number
   * @param hits is overwritten
   */
  find(code: ArrayLike<number>, tolerance: number, hits: QuadHits): void;

  /** A star's direction, into three elements of `out` from `at` on. */
  direction(star: number, out: Float64Array, at: number): void;

  /** The brightest stars about a direction, out to at least one and a half of the longest AB where there are enough of them. */
  about(x: number, y: number, z: number): StarBlock;

  /** The brightest stars within a radius of a direction, brightest first; at most `limit`. Returns how many are in `out`. */
  brightest(x: number, y: number, z: number, radius: number, limit: number, out: Int32Array): number;

  /** A star's magnitude, in the band of its catalogue. */
  magnitude(star: number): number;
}

/** Part of the sky: a direction (unit vector) and a radius, radians. */
export interface SkyCap {
  /** Its middle, a unit vector, J2000. */
  direction: ArrayLike<number>;
  /** Its radius, radians. */
  radius: number;
}

/** What a search needs of a source. */
export interface IndexRequest {
  /** Quads with an AB between these, radians. */
  shortest_rad: number;
  /** Likewise the longest. */
  longest_rad: number;
  /** The image lies within this part of the sky. */
  cap?: SkyCap;
}

/** Gives the indexes that a search needs, and may make or read them at that moment. */
export interface StarIndexSource {
  /** The indexes that a search needs. */
  indexes(request: IndexRequest): readonly StarIndex[];
}
