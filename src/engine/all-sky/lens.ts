// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.

/**
 * Numbers of a lens that a fit may change: three small turns about its own axes (radians), the logarithm of the focal length, the two
 * coordinates of the principal point (pixels), and the three terms of the radius.
 */
export const LENS_NUMBERS = 9;
/** Stars closer to the axis than this, radians, are taken to be on it. */
const ON_AXIS = 1e-9;
/** The steepest that the radius may flatten: beyond, two angles share a pixel. */
const LEAST_SLOPE = 0.05;
const MAX_STEPS = 12;

/**
 * A lens that sees up to 180° and more (Kannala & Brandt 2006): a star at the angle θ from the axis falls f·(θ + a·θ³ + b·θ⁵ + c·θ⁷)
 * pixels from the principal point. All classical fisheye projections are special cases to 10⁻⁴. Its frame has x and y of the pixels,
 * y mirrored for parity −1, and the optical axis; `r` turns directions of the sky into it.
 */
export class Lens {
  cx = 0;
  cy = 0;
  parity: 1 | -1 = 1;
  /** Pixels a radian on the axis. */
  focal = 1;
  /** a, b and c. */
  readonly bend = new Float64Array(3);
  /** Rotation, row by row. */
  readonly r = new Float64Array(9);
  /** What `project` found last: pixels, and the angle from the axis. */
  x = 0;
  y = 0;
  angle = 0;

  set(other: Lens): void {
    this.cx = other.cx;
    this.cy = other.cy;
    this.parity = other.parity;
    this.focal = other.focal;
    this.bend.set(other.bend);
    this.r.set(other.r);
  }

  /** Radius in focal lengths for an angle from the axis. */
  radius(angle: number): number {
    const [a, b, c] = [this.bend[0]!, this.bend[1]!, this.bend[2]!];
    const t2 = angle * angle;
    return angle * (1 + t2 * (a + t2 * (b + t2 * c)));
  }

  /** Its derivative. */
  slope(angle: number): number {
    const [a, b, c] = [this.bend[0]!, this.bend[1]!, this.bend[2]!];
    const t2 = angle * angle;
    return 1 + t2 * (3 * a + t2 * (5 * b + t2 * 7 * c));
  }

  /** Where a direction of the sky falls; false where the lens sees nothing any more. */
  project(vx: number, vy: number, vz: number): boolean {
    const r = this.r;
    const u = r[0]! * vx + r[1]! * vy + r[2]! * vz;
    const v = r[3]! * vx + r[4]! * vy + r[5]! * vz;
    const w = r[6]! * vx + r[7]! * vy + r[8]! * vz;
    const h = Math.sqrt(u * u + v * v);
    const angle = Math.atan2(h, w);
    this.angle = angle;
    if (this.slope(angle) < LEAST_SLOPE) return false;
    const scale = h < ON_AXIS ? this.focal : (this.focal * this.radius(angle)) / h;
    this.x = this.cx + scale * u;
    this.y = this.cy + this.parity * scale * v;
    return true;
  }

  /** The angle from the axis for a distance from the principal point, pixels; NaN beyond what the lens sees. */
  angleAt(distance: number): number {
    const wanted = distance / this.focal;
    let angle = Math.min(wanted, Math.PI);
    for (let step = 0; step < MAX_STEPS; step++) {
      const slope = this.slope(angle);
      if (slope < LEAST_SLOPE) return Number.NaN;
      const change = (this.radius(angle) - wanted) / slope;
      angle = Math.max(0, angle - change);
      if (Math.abs(change) < 1e-9) return angle;
    }
    return Number.NaN;
  }

  /** Direction of the sky that a pixel looks at, into the first three elements of `out`; false beyond what the lens sees. */
  direction(x: number, y: number, out: Float64Array): boolean {
    const { r } = this;
    const [dx, dy] = [x - this.cx, this.parity * (y - this.cy)];
    const distance = Math.sqrt(dx * dx + dy * dy);
    const angle = this.angleAt(distance);
    if (Number.isNaN(angle)) return false;
    const sin = Math.sin(angle) / Math.max(distance, 1e-9);
    const [u, v, w] = [sin * dx, sin * dy, Math.cos(angle)];
    for (let axis = 0; axis < 3; axis++) out[axis] = r[axis]! * u + r[3 + axis]! * v + r[6 + axis]! * w;
    return true;
  }

  /**
   * Derivatives of what `project` finds for a direction, by the numbers of the lens.
   * @param alongX takes `LENS_NUMBERS` of them, those of x
   */
  derivatives(vx: number, vy: number, vz: number, alongX: Float64Array, alongY: Float64Array): void {
    const { r, focal, parity } = this;
    const u = r[0]! * vx + r[1]! * vy + r[2]! * vz;
    const v = r[3]! * vx + r[4]! * vy + r[5]! * vz;
    const w = r[6]! * vx + r[7]! * vy + r[8]! * vz;
    const h = Math.sqrt(u * u + v * v);
    const angle = Math.atan2(h, w);
    const isOnAxis = h < ON_AXIS;
    const [eu, ev] = isOnAxis ? [1, 0] : [u / h, v / h];
    const across = isOnAxis ? focal : (focal * this.radius(angle)) / h;
    const along = focal * this.slope(angle);
    // The direction (u, v, w) moves by turn × direction; θ = atan2(h, w) has the derivatives w by h and −h by w.
    const move = (du: number, dv: number, dw: number, at: number) => {
      const outward = along * (w * (eu * du + ev * dv) - h * dw);
      const sideways = across * (eu * dv - ev * du);
      alongX[at] = outward * eu - sideways * ev;
      alongY[at] = parity * (outward * ev + sideways * eu);
    };
    move(0, -w, v, 0);
    move(w, 0, -u, 1);
    move(-v, u, 0, 2);
    const rho = focal * this.radius(angle);
    alongX[3] = rho * eu;
    alongY[3] = parity * rho * ev;
    alongX[4] = 1;
    alongY[4] = 0;
    alongX[5] = 0;
    alongY[5] = 1;
    let power = angle;
    for (let term = 0; term < 3; term++) {
      power *= angle * angle;
      alongX[6 + term] = focal * power * eu;
      alongY[6 + term] = parity * focal * power * ev;
    }
  }

  /** Changes the numbers of the lens by these steps. */
  step(change: ArrayLike<number>): void {
    turn(this.r, change[0]!, change[1]!, change[2]!);
    this.focal *= Math.exp(change[3]!);
    this.cx += change[4]!;
    this.cy += change[5]!;
    for (let term = 0; term < 3; term++) this.bend[term]! += change[6 + term]!;
  }
}

/** Turns a rotation further about the axes of its own frame (Rodrigues' formula). */
export function turn(r: Float64Array, wx: number, wy: number, wz: number): void {
  const angle = Math.sqrt(wx * wx + wy * wy + wz * wz);
  if (angle === 0) return;
  const [x, y, z] = [wx / angle, wy / angle, wz / angle];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  for (let column = 0; column < 3; column++) {
    const [u, v, w] = [r[column]!, r[3 + column]!, r[6 + column]!];
    const along = (x * u + y * v + z * w) * (1 - cos);
    r[column] = u * cos + (y * w - z * v) * sin + x * along;
    r[3 + column] = v * cos + (z * u - x * w) * sin + y * along;
    r[6 + column] = w * cos + (x * v - y * u) * sin + z * along;
  }
}
