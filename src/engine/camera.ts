// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
/** Steps of the search for the focal length. */
const MAX_STEPS = 6;
/** With less the angle between two stars does not tell the focal length. */
const LEAST_SLOPE = 0.2;
const CLOSE_ENOUGH = 1e-5;

/**
 * A pinhole camera: a gnomonic projection about the middle of the image. Its axes are x, y (pixels, y mirrored for parity −1, so that
 * the frame is right-handed) and the optical axis; `r` turns directions of the sky into them.
 */
export class Camera {
  /** Middle of the image, pixels. */
  readonly cx: number;
  readonly cy: number;
  /** Sign of det CD. */
  parity: 1 | -1 = 1;
  /** Focal length, pixels: one over the scale at the middle of the image, radians a pixel. */
  focal = 1;
  /** Rotation, row by row. */
  readonly r = new Float64Array(9);
  /** What `project` found last. */
  x = 0;
  y = 0;
  readonly #sky = new Float64Array(9);
  readonly #own = new Float64Array(9);

  constructor(width: number, height: number) {
    this.cx = (width + 1) / 2;
    this.cy = (height + 1) / 2;
  }

  /**
   * Aims the camera so that two stars of the sky lie at two pixels.
   * @param directions of stars: A from `at` on, B three further
   * @param guess of the focal length, pixels
   * @returns false when no focal length does it, or when it hardly matters, as for two stars some 45° from the axis
   */
  aim(
    directions: Float64Array,
    xa: number,
    ya: number,
    xb: number,
    yb: number,
    parity: 1 | -1,
    guess: number,
  ): boolean {
    const [ux, uy] = [xa - this.cx, parity * (ya - this.cy)];
    const [vx, vy] = [xb - this.cx, parity * (yb - this.cy)];
    const dx = directions[3]! - directions[0]!;
    const dy = directions[4]! - directions[1]!;
    const dz = directions[5]! - directions[2]!;
    const wanted = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const [uu, vv] = [ux * ux + uy * uy, vx * vx + vy * vy];
    const apart = (ux - vx) ** 2 + (uy - vy) ** 2;
    let focal = guess;
    // Newton's method in logarithms: near the axis the chord goes as 1 / focal, further out the last two steps tell its slope.
    let [slope, taken, before] = [1, 0, 0];
    for (let step = 0; ; step++) {
      // The chord between the two directions: its square is 2 − 2·cos, written without a difference of nearly equal numbers.
      const [lu, lv] = [Math.sqrt(uu + focal * focal), Math.sqrt(vv + focal * focal)];
      const chord = Math.sqrt(Math.max(0, (apart - (lu - lv) ** 2) / (lu * lv)));
      const excess = Math.log(chord / wanted);
      if (Math.abs(excess) < CLOSE_ENOUGH) break;
      if (step > 0) slope = (before - excess) / taken;
      if (step === MAX_STEPS || !(slope > LEAST_SLOPE)) return false;
      taken = excess / slope;
      before = excess;
      focal *= Math.exp(taken);
    }
    this.parity = parity;
    this.focal = focal;
    frameOf(
      directions[0]!,
      directions[1]!,
      directions[2]!,
      directions[3]!,
      directions[4]!,
      directions[5]!,
      this.#sky,
    );
    const [lu, lv] = [1 / Math.sqrt(uu + focal * focal), 1 / Math.sqrt(vv + focal * focal)];
    frameOf(ux * lu, uy * lu, focal * lu, vx * lv, vy * lv, focal * lv, this.#own);
    const [sky, own, r] = [this.#sky, this.#own, this.r];
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++)
        r[3 * i + j] = own[i]! * sky[j]! + own[3 + i]! * sky[3 + j]! + own[6 + i]! * sky[6 + j]!;
    return true;
  }

  /** Where a direction of the sky falls, into `x` and `y`, pixels; false when it is behind the camera or nearly so. */
  project(vx: number, vy: number, vz: number): boolean {
    const r = this.r;
    const z = r[6]! * vx + r[7]! * vy + r[8]! * vz;
    if (z < 0.05) return false;
    const scale = this.focal / z;
    this.x = this.cx + scale * (r[0]! * vx + r[1]! * vy + r[2]! * vz);
    this.y = this.cy + this.parity * scale * (r[3]! * vx + r[4]! * vy + r[5]! * vz);
    return true;
  }

  /** Direction of the sky that a pixel looks at, into the first three elements of `out`. */
  direction(x: number, y: number, out: Float64Array): void {
    const [u, v, w] = [(x - this.cx) / this.focal, (this.parity * (y - this.cy)) / this.focal, 1];
    const length = Math.hypot(u, v, w);
    const r = this.r;
    for (let axis = 0; axis < 3; axis++)
      out[axis] = (r[axis]! * u + r[3 + axis]! * v + r[6 + axis]! * w) / length;
  }

  set(other: Camera): void {
    this.parity = other.parity;
    this.focal = other.focal;
    this.r.set(other.r);
  }
}

/** Three unit vectors at right angles: towards the middle of two directions, from the first to the second, and across. */
function frameOf(
  ax: number,
  ay: number,
  az: number,
  bx: number,
  by: number,
  bz: number,
  out: Float64Array,
): void {
  const [mx, my, mz] = [ax + bx, ay + by, az + bz];
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az];
  const m = 1 / Math.sqrt(mx * mx + my * my + mz * mz);
  const d = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
  out[0] = mx * m;
  out[1] = my * m;
  out[2] = mz * m;
  out[3] = dx * d;
  out[4] = dy * d;
  out[5] = dz * d;
  out[6] = (my * dz - mz * dy) * m * d;
  out[7] = (mz * dx - mx * dz) * m * d;
  out[8] = (mx * dy - my * dx) * m * d;
}
