// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { Camera } from './camera.js';
import type { SearchBounds } from './candidate.js';
import type { GrownMatch } from './evidence.js';
import type { Field } from './field.js';
import type { StarIndex } from './star-index.js';
import { StarMatches } from './star-matches.js';

/** For each star of the image so many of the catalogue's that may be in it. */
const REFERENCES_A_STAR = 2.5;
const MAX_REFERENCES = 160;
/** Stars closer than this share of the diagonal aim nothing. */
const SHORTEST = 0.08;
/** What a lens bends, as a share of the distance from the nearer of the two stars. */
const BENDING = 0.002;

/** Two stars of the image, and the two references that they are taken for. */
export interface Aim {
  first: number;
  second: number;
  a: number;
  b: number;
  parity: 1 | -1;
}

/** What a camera matches that is aimed by two stars. */
export class PairMatch implements GrownMatch {
  readonly field: Field;
  readonly camera: Camera;
  readonly sigma: number;
  /** A camera has as many numbers as two stars. */
  readonly quadStars = 2;
  readonly determined = 2;
  readonly stretch = 1;
  references = 0;
  /** The two stars, then all references: those of the aim stand twice, and are not predicted the second time. */
  readonly stars = new Int32Array(MAX_REFERENCES + 2);
  readonly x = new Float64Array(MAX_REFERENCES + 2);
  readonly y = new Float64Array(MAX_REFERENCES + 2);
  readonly variance = new Float64Array(MAX_REFERENCES + 2);
  readonly match: Int32Array;
  readonly #matches: StarMatches;
  readonly #directions = new Float64Array(3 * MAX_REFERENCES);
  readonly #pair = new Float64Array(6);
  readonly #found = new Int32Array(MAX_REFERENCES);
  #count = 0;
  #aim: Aim = { first: 0, second: 1, a: 0, b: 1, parity: 1 };

  constructor(field: Field, sigma: number) {
    this.field = field;
    this.sigma = sigma;
    this.camera = new Camera(field.width, field.height);
    this.#matches = new StarMatches(field, MAX_REFERENCES + 2);
    this.match = this.#matches.stars;
  }

  get matched(): number {
    return this.#matches.count;
  }

  /** Takes the brightest stars that may be in the image: as many as it has for each part of the sky, and some more. */
  refer(index: StarIndex, direction: ArrayLike<number>, radius: number, focal: number): void {
    const { width, height, count } = this.field;
    const reach = radius + Math.atan(Math.hypot(width, height) / 2 / focal);
    const share = (Math.PI * (reach * focal) ** 2) / (width * height);
    const limit = Math.min(MAX_REFERENCES, Math.ceil(REFERENCES_A_STAR * count * Math.max(1, share)));
    const [x, y, z] = [direction[0]!, direction[1]!, direction[2]!];
    this.#count = index.brightest(x, y, z, reach, limit, this.#found);
    for (let i = 0; i < this.#count; i++) index.direction(this.#found[i]!, this.#directions, 3 * i);
  }

  /** All ways to take two stars of the image for two references that are as far apart as the scale allows. */
  *aims({ least, most, parity }: SearchBounds): Generator<Aim> {
    const { field } = this;
    const parities = parity ? [parity] : ([1, -1] as const);
    const shortest = SHORTEST * Math.hypot(field.width, field.height);
    for (let second = 1; second < field.count; second++) {
      for (let first = 0; first < second; first++) {
        if (Math.hypot(field.x[second]! - field.x[first]!, field.y[second]! - field.y[first]!) < shortest)
          continue;
        const [nearest, farthest] = [this.#chord2(first, second, most), this.#chord2(first, second, least)];
        for (let a = 0; a < this.#count; a++) {
          for (let b = 0; b < this.#count; b++) {
            const apart = this.#apart2(a, b);
            if (apart < nearest || apart > farthest) continue;
            for (const sign of parities) yield { first, second, a, b, parity: sign };
          }
        }
      }
    }
  }

  /** Aims the camera; false where that is out of bounds. */
  aim(aim: Aim, { least, most, direction, radius }: SearchBounds): boolean {
    const { first, second, a, b, parity } = aim;
    const { field, camera } = this;
    this.#pair.set(this.#directions.subarray(3 * a, 3 * a + 3), 0);
    this.#pair.set(this.#directions.subarray(3 * b, 3 * b + 3), 3);
    const guess = Math.sqrt(least * most);
    const [xa, ya, xb, yb] = [field.x[first]!, field.y[first]!, field.x[second]!, field.y[second]!];
    if (!camera.aim(this.#pair, xa, ya, xb, yb, parity, guess)) return false;
    if (camera.focal < least || camera.focal > most) return false;
    const { r } = camera;
    if (direction && radius !== undefined) {
      const cos = r[6]! * direction[0]! + r[7]! * direction[1]! + r[8]! * direction[2]!;
      if (cos < Math.cos(radius)) return false;
    }
    this.#aim = aim;
    return true;
  }

  /** Looks for all references in the image. */
  rematch(): void {
    const { camera, field, sigma } = this;
    const { first, second, a, b } = this.#aim;
    this.references = this.#count + 2;
    this.#matches.begin();
    for (const [at, star] of [a, b].entries()) this.#put(at, star, sigma ** 2, this.#project(star));
    const [ax, ay] = [field.x[first]!, field.y[first]!];
    const [abx, aby] = [field.x[second]! - ax, field.y[second]! - ay];
    const length2 = abx * abx + aby * aby;
    for (let i = 0; i < this.#count; i++) {
      const isSeen = i !== a && i !== b && this.#project(i);
      // Along and across AB, in its lengths: an error of A or B moves the place by as much as it is far from the other.
      const [x, y] = [camera.x - ax, camera.y - ay];
      const [u, v] = [(x * abx + y * aby) / length2, (y * abx - x * aby) / length2];
      const [toA2, toB2] = [u * u + v * v, (1 - u) ** 2 + v * v];
      const bent2 = BENDING ** 2 * length2 * Math.min(toA2, toB2);
      this.#put(i + 2, i, sigma ** 2 * (1 + toA2 + toB2) + bent2, isSeen);
    }
    this.#matches.end(this.references);
  }

  #project(reference: number): boolean {
    const { camera, field } = this;
    const d = this.#directions;
    const isBefore = camera.project(d[3 * reference]!, d[3 * reference + 1]!, d[3 * reference + 2]!);
    return isBefore && field.has(camera.x, camera.y);
  }

  /** Puts a reference where `#project` has put it. */
  #put(at: number, reference: number, variance: number, isSeen: boolean): void {
    this.stars[at] = this.#found[reference]!;
    this.x[at] = isSeen ? this.camera.x : Number.NaN;
    this.y[at] = this.camera.y;
    this.variance[at] = variance;
    this.#matches.seek(at, this.x[at]!, this.y[at]!, variance);
  }

  /** Square of the chord between the directions of two stars of the image, through a lens of some focal length. */
  #chord2(first: number, second: number, focal: number): number {
    const { camera, field } = this;
    const [ax, ay] = [field.x[first]! - camera.cx, field.y[first]! - camera.cy];
    const [bx, by] = [field.x[second]! - camera.cx, field.y[second]! - camera.cy];
    const lengths = Math.hypot(ax, ay, focal) * Math.hypot(bx, by, focal);
    return 2 - (2 * (ax * bx + ay * by + focal * focal)) / lengths;
  }

  #apart2(a: number, b: number): number {
    const d = this.#directions;
    return (
      (d[3 * a]! - d[3 * b]!) ** 2 +
      (d[3 * a + 1]! - d[3 * b + 1]!) ** 2 +
      (d[3 * a + 2]! - d[3 * b + 2]!) ** 2
    );
  }
}
