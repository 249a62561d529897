// biome-ignore-all lint/style/noNonNullAssertion: fixed-size arrays of this module.
import type { SkyGrid } from './sky-grid.js';

/**
 * A guess where an image points, from one quad: a similarity between pixels and the tangent plane about the middle of the quad's
 * stars A and B. In complex numbers w = α·z + β, with z = x + iy for positive parity and z = x − iy for negative.
 */
export class Hypothesis {
  /** Direction that the plane touches, unit vector. */
  readonly centre = new Float64Array(3);
  parity: 1 | -1 = 1;
  /** Tangent plane from pixels: radians per pixel. */
  #ar = 0;
  #ai = 0;
  #br = 0;
  #bi = 0;
  /** Radians per pixel. */
  scale = 0;
  /** Root mean square of the quad's residuals, pixels. */
  residual = 0;
  #flat = 1;
  /** Of the last `toPixel`. */
  x = 0;
  y = 0;
  readonly #u = new Float64Array(4);
  readonly #v = new Float64Array(4);

  /**
   * Fits the similarity to the four stars of a quad by least squares.
   * @param stars numbers of the catalogue's stars A, B, C, D, from `at` on
   * @returns false when a star lies behind the plane
   */
  fit(
    grid: SkyGrid,
    stars: Uint32Array,
    at: number,
    x: ArrayLike<number>,
    y: ArrayLike<number>,
    members: Int32Array,
    parity: 1 | -1,
  ): boolean {
    const { vectors } = grid.stars;
    const [a, b] = [3 * stars[at]!, 3 * stars[at + 1]!];
    const cx = vectors[a]! + vectors[b]!;
    const cy = vectors[a + 1]! + vectors[b + 1]!;
    const cz = vectors[a + 2]! + vectors[b + 2]!;
    const length = Math.hypot(cx, cy, cz);
    this.#touch(cx / length, cy / length, cz / length);
    this.parity = parity;
    let [zr, zi, wr, wi] = [0, 0, 0, 0];
    for (let m = 0; m < 4; m++) {
      if (!this.#project(vectors, stars[at + m]!)) return false;
      this.#u[m] = this.x;
      this.#v[m] = this.y;
      wr += this.x / 4;
      wi += this.y / 4;
      zr += x[members[m]!]! / 4;
      zi += (parity * y[members[m]!]!) / 4;
    }
    let [sr, si, s] = [0, 0, 0];
    for (let m = 0; m < 4; m++) {
      const [pr, pi] = [x[members[m]!]! - zr, parity * y[members[m]!]! - zi];
      const [qr, qi] = [this.#u[m]! - wr, this.#v[m]! - wi];
      sr += qr * pr + qi * pi;
      si += qi * pr - qr * pi;
      s += pr * pr + pi * pi;
    }
    this.#ar = sr / s;
    this.#ai = si / s;
    this.#br = wr - this.#ar * zr + this.#ai * zi;
    this.#bi = wi - this.#ar * zi - this.#ai * zr;
    this.scale = Math.hypot(this.#ar, this.#ai);
    let sum = 0;
    for (let m = 0; m < 4; m++) {
      const [px, py] = [x[members[m]!]!, parity * y[members[m]!]!];
      const dr = this.#ar * px - this.#ai * py + this.#br - this.#u[m]!;
      const di = this.#ar * py + this.#ai * px + this.#bi - this.#v[m]!;
      sum += dr * dr + di * di;
    }
    this.residual = Math.sqrt(sum / 4) / this.scale;
    return true;
  }

  /** Where a star of the catalogue falls in the image, into `x` and `y`; false when it lies behind the plane. */
  toPixel(vectors: Float32Array, star: number): boolean {
    if (!this.#project(vectors, star)) return false;
    const [dr, di] = [this.x - this.#br, this.y - this.#bi];
    const s = this.scale * this.scale;
    this.x = (dr * this.#ar + di * this.#ai) / s;
    this.y = (this.parity * (di * this.#ar - dr * this.#ai)) / s;
    return true;
  }

  /** CD matrix, degrees per pixel. */
  cd(): [[number, number], [number, number]] {
    const deg = 180 / Math.PI;
    const { parity } = this;
    return [
      [this.#ar * deg, -parity * this.#ai * deg],
      [this.#ai * deg, parity * this.#ar * deg],
    ];
  }

  /** The pixel whose direction is `centre`. */
  reference(): [number, number] {
    const s = this.scale * this.scale;
    return [
      (-this.#br * this.#ar - this.#bi * this.#ai) / s,
      (this.parity * (-this.#bi * this.#ar + this.#br * this.#ai)) / s,
    ];
  }

  #touch(x: number, y: number, z: number): void {
    this.centre[0] = x;
    this.centre[1] = y;
    this.centre[2] = z;
    this.#flat = Math.max(1e-9, Math.hypot(x, y));
  }

  /** Gnomonic projection, x east and y north, radians. */
  #project(vectors: Float32Array, star: number): boolean {
    const [vx, vy, vz] = [vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!];
    const [x, y, z] = [this.centre[0]!, this.centre[1]!, this.centre[2]!];
    const along = vx * x + vy * y + vz * z;
    if (along < 0.15) return false;
    this.x = (vy * x - vx * y) / this.#flat / along;
    this.y = (vz * this.#flat - (z * (vx * x + vy * y)) / this.#flat) / along;
    return true;
  }
}
