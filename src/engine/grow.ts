// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { Bending } from './bending.js';
import { Camera } from './camera.js';
import type { Candidate } from './candidate.js';
import type { GrownMatch } from './evidence.js';
import type { Field } from './field.js';
import { StarMatches } from './star-matches.js';

/** Stars of the catalogue that are looked for in the image. */
const MAX_REFERENCES = 600;
/** For each star of the image so many of the catalogue's, within the circle about the image. */
const REFERENCES_A_STAR = 2;
const FEWEST_REFERENCES = 30;
const MAX_ROUNDS = 14;
const LEAST_SIGMA_PX = 0.3;
/** Wider than this, the tangent of the angle to the corner, lenses bend more. */
const WIDE = 0.5;
/** As good as not at all. */
const UNBENT = 1e-3;
/** The furthest corner that is looked at, radians. */
const MAX_RADIUS = 1.3;
const NONE = -1;

const MOST_QUAD_STARS = 5;

/**
 * Grows a match from a quad over the whole image: fits the displacement of the stars that are matched, matches as many as the fit's own
 * uncertainty allows, and fits again, until they are the same ones.
 */
export class Growth implements GrownMatch {
  readonly camera: Camera;
  readonly field: Field;
  quadStars = 4;
  /** Of the others the brightest about the middle of the image. */
  references = 0;
  readonly stars = new Int32Array(MAX_REFERENCES + MOST_QUAD_STARS);
  readonly x = new Float64Array(MAX_REFERENCES + MOST_QUAD_STARS);
  readonly y = new Float64Array(MAX_REFERENCES + MOST_QUAD_STARS);
  readonly variance = new Float64Array(MAX_REFERENCES + MOST_QUAD_STARS);
  readonly match: Int32Array;
  sigma = 1;
  bending: Bending;
  readonly half: number;
  readonly #pinholeX = new Float64Array(MAX_REFERENCES + MOST_QUAD_STARS);
  readonly #pinholeY = new Float64Array(MAX_REFERENCES + MOST_QUAD_STARS);
  readonly #isBent: boolean;
  readonly #matches: StarMatches;
  readonly #found = new Int32Array(MAX_REFERENCES);
  readonly #direction = new Float64Array(3);

  /** @param isBent whether a lens may bend the image */
  constructor(field: Field, isBent: boolean) {
    this.field = field;
    this.#isBent = isBent;
    this.camera = new Camera(field.width, field.height);
    this.half = Math.hypot(field.width, field.height) / 2;
    this.bending = new Bending(this.half, 1);
    this.#matches = new StarMatches(field, MAX_REFERENCES + MOST_QUAD_STARS);
    this.match = this.#matches.stars;
  }

  get matched(): number {
    return this.#matches.count;
  }

  get determined(): number {
    return this.bending.determined;
  }

  /** Ratio of the singular values of the fit's linear part. */
  get stretch(): number {
    const [a, b, c, d] = this.bending.linear();
    const [p, q, r, s] = [1 + a / this.half, b / this.half, c / this.half, 1 + d / this.half];
    const [sum, difference] = [Math.hypot(p + s, q - r), Math.hypot(p - s, q + r)];
    return (sum + difference) / Math.max(1e-9, Math.abs(sum - difference));
  }

  /** Grows a candidate's match; the result is in the fields of this object. */
  from({ index, camera, members, stars, precision }: Candidate): void {
    this.camera.set(camera);
    this.#reference(index, stars);
    const tangent = this.half / camera.focal;
    this.bending = new Bending(this.half, this.#isBent ? Math.max(1, tangent / WIDE) : UNBENT);
    this.sigma = precision.sigma_px;
    this.#matches.beginWith(members, this.references);
    let before = 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.#fit();
      const signature = this.#rematch();
      if (signature === before || this.matched < this.quadStars) break;
      before = signature;
    }
  }

  #reference(index: Candidate['index'], quad: Int32Array): void {
    const { camera, field } = this;
    const direction = this.#direction;
    camera.direction(camera.cx, camera.cy, direction);
    const radius = Math.min(MAX_RADIUS, Math.atan(this.half / camera.focal) * 1.05);
    const wanted = Math.max(FEWEST_REFERENCES, REFERENCES_A_STAR * field.count);
    const limit = Math.min(MAX_REFERENCES, wanted);
    const found = index.brightest(direction[0]!, direction[1]!, direction[2]!, radius, limit, this.#found);
    this.references = 0;
    const put = (star: number) => {
      const at = this.references;
      index.direction(star, direction, 0);
      if (!camera.project(direction[0]!, direction[1]!, direction[2]!)) return;
      this.stars[at] = star;
      this.#pinholeX[at] = camera.x;
      this.#pinholeY[at] = camera.y;
      this.references++;
    };
    for (let m = 0; m < quad.length; m++) put(quad[m]!);
    this.quadStars = this.references;
    for (let i = 0; i < found; i++) {
      const star = this.#found[i]!;
      if (!quad.includes(star)) put(star);
    }
  }

  #fit(): void {
    const { bending, camera, field, half } = this;
    bending.begin(this.sigma);
    for (let i = 0; i < this.references; i++) {
      const star = this.match[i]!;
      if (star === NONE) continue;
      const [x, y] = [this.#pinholeX[i]!, this.#pinholeY[i]!];
      bending.add((x - camera.cx) / half, (y - camera.cy) / half, field.x[star]! - x, field.y[star]! - y);
    }
    bending.solve();
  }

  /** Matches anew, and tells from a number whether the matches are the same as before. */
  #rematch(): number {
    const { bending, camera, field, half } = this;
    this.#matches.begin();
    for (let i = 0; i < this.references; i++) {
      const [px, py] = [this.#pinholeX[i]!, this.#pinholeY[i]!];
      bending.at((px - camera.cx) / half, (py - camera.cy) / half);
      const [x, y] = [px + bending.dx, py + bending.dy];
      this.x[i] = field.has(x, y) ? x : Number.NaN;
      this.y[i] = y;
      this.variance[i] = this.sigma ** 2 + bending.variance;
      this.#matches.seek(i, this.x[i]!, y, this.variance[i]!);
    }
    const signature = this.#matches.end(this.references);
    if (this.matched > this.quadStars)
      this.sigma = this.#matches.deviation(bending.determined, LEAST_SIGMA_PX);
    return signature;
  }
}
