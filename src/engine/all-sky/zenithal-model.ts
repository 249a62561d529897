// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { termsAt } from '../../wcs/polynomial.js';
import { DEG, RAD } from '../../wcs/sphere.js';
import type { SipDistortion, Wcs } from '../../wcs/wcs.js';
import { type FisheyeCode, zenithalAngle, zenithalRadius } from '../../wcs/zenithal.js';
import { placeOf } from '../tangent-fit.js';
import { type Lens, turn } from './lens.js';
import {
  ALL_POWERS,
  FREE_AT,
  LINEAR_TERMS,
  MOST_RADIAL,
  POWERS,
  SHEAR_AT,
  TERMS,
  TERMS_AT,
} from './model-terms.js';

/** Where the distortion compresses the radius more than this, it is none any more. */
const LEAST_SLOPE = 0.15;
/** No fisheye lens sees further from its axis, radians. */
const MOST_ANGLE = 2.1;

/** A model of a lens that sees the whole sky reaches so far from the axis, radians. */
const WHOLE_SKY = 88.5 * RAD;

/** What a lens and a model of it have in common. */
type LensAim = Pick<Lens, 'parity' | 'focal' | 'cx' | 'cy' | 'r'>;

/**
 * One of the zenithal projections of FITS with a distortion that SIP can hold: pixels from the principal point, u and v in half sides of the
 * image, become U = u + u·(k₁r² + k₂r⁴ + k₃r⁶) + f(u, v), V = v + v·(k₁r² + k₂r⁴ + k₃r⁶) + g(u, v), and these are the projection's plane up to a
 * scale, a rotation and a shear. The polynomials f and g are for lenses whose elements do not share one axis.
 */
export class ZenithalModel {
  readonly code: FisheyeCode;
  readonly parity: 1 | -1;
  readonly half: number;
  focal: number;
  cx: number;
  cy: number;
  /** Rotation from the sky into the frame of the lens, row by row. */
  readonly r: Float64Array<ArrayBuffer>;
  readonly terms = new Float64Array(TERMS);
  /** Whether the free polynomials are not 0. */
  isFree = false;
  readonly #values = new Float64Array(ALL_POWERS.length);
  readonly #pixel = new Float64Array(2);

  /** @param half of the image's longer side, pixels */
  constructor(code: FisheyeCode, { parity, focal, cx, cy, r }: LensAim, half: number) {
    this.code = code;
    this.parity = parity;
    this.half = half;
    this.focal = focal;
    this.cx = cx;
    this.cy = cy;
    this.r = r.slice();
  }

  copy(): ZenithalModel {
    const copy = new ZenithalModel(this.code, this, this.half);
    copy.terms.set(this.terms);
    copy.isFree = this.isFree;
    return copy;
  }

  step(change: ArrayLike<number>): void {
    turn(this.r, change[0]!, change[1]!, change[2]!);
    this.focal *= Math.exp(change[3]!);
    this.cx += change[4]!;
    this.cy += change[5]!;
    for (let term = 0; term < this.terms.length; term++) this.terms[term]! += change[TERMS_AT + term]!;
    this.isFree = this.terms.subarray(FREE_AT).some((term) => term !== 0);
  }

  /**
   * How far a star's pixel lies from where the model puts its direction, pixels, into two elements of `out`; NaN where the
   * projection does not reach.
   */
  misfit(vx: number, vy: number, vz: number, x: number, y: number, out: Float64Array, at: number): void {
    const { r, terms, parity, focal } = this;
    const u = r[0]! * vx + r[1]! * vy + r[2]! * vz;
    const v = r[3]! * vx + r[4]! * vy + r[5]! * vz;
    const w = r[6]! * vx + r[7]! * vy + r[8]! * vz;
    const h = Math.sqrt(u * u + v * v);
    const scale = h < 1e-9 ? 1 : zenithalRadius(this.code, Math.atan2(h, w)) / h;
    const [e1, e2] = [terms[SHEAR_AT]!, terms[SHEAR_AT + 1]!];
    this.#undistort(x, y, out, at);
    const missU = out[at]! - focal * scale * ((1 + e1) * u + e2 * v);
    const missV = out[at + 1]! - parity * focal * scale * (e2 * u + (1 - e1) * v);
    this.#intoPixels(missU, missV, x, y, out, at);
  }

  /** Derivatives of `misfit` by the terms of the free polynomials, in the order of the terms. */
  freeDerivatives(
    x: number,
    y: number,
    alongX: Float64Array,
    alongY: Float64Array,
    from: number,
    count: number,
  ): void {
    const [u, v] = [(x - this.cx) / this.half, (y - this.cy) / this.half];
    termsAt(ALL_POWERS, u, v, this.#values);
    for (let term = 0; term < count; term += 2) {
      const value = this.half * this.#values[LINEAR_TERMS + term / 2]!;
      for (let axis = 0; axis < 2; axis++) {
        this.#intoPixels(axis === 0 ? value : 0, axis === 1 ? value : 0, x, y, this.#pixel, 0);
        alongX[from + term + axis] = this.#pixel[0]!;
        alongY[from + term + axis] = this.#pixel[1]!;
      }
    }
  }

  /** A small step in the plane as one in pixels: the distortion stretches along the radius and across it. */
  #intoPixels(du: number, dv: number, x: number, y: number, out: Float64Array, at: number): void {
    const [dx, dy] = [x - this.cx, y - this.cy];
    const distance = Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
    const [ex, ey] = [dx / distance, dy / distance];
    const r2 = (distance / this.half) ** 2;
    const along = (du * ex + dv * ey) / Math.max(LEAST_SLOPE, this.#slope(r2));
    const across = (dv * ex - du * ey) / Math.max(LEAST_SLOPE, this.#stretch(r2));
    out[at] = along * ex - across * ey;
    out[at + 1] = along * ey + across * ex;
  }

  /** Radius of U, V over that of u, v. */
  #stretch(r2: number): number {
    const { terms } = this;
    return 1 + r2 * (terms[0]! + r2 * (terms[1]! + r2 * terms[2]!));
  }

  /** Derivative of the one radius by the other. */
  #slope(r2: number): number {
    const { terms } = this;
    return 1 + r2 * (3 * terms[0]! + r2 * (5 * terms[1]! + r2 * 7 * terms[2]!));
  }

  /** U and V of a pixel, pixels. */
  #undistort(x: number, y: number, out: Float64Array, at: number): void {
    const { half, terms } = this;
    const [u, v] = [(x - this.cx) / half, (y - this.cy) / half];
    const r2 = u * u + v * v;
    const radial = this.#stretch(r2);
    let [f, g] = [0, 0];
    if (this.isFree) {
      termsAt(ALL_POWERS, u, v, this.#values);
      for (let term = 0, place = FREE_AT; term < POWERS.length; term++, place += 2) {
        const value = this.#values[LINEAR_TERMS + term]!;
        f += terms[place]! * value;
        g += terms[place + 1]! * value;
      }
    }
    out[at] = half * (u * radial + f);
    out[at + 1] = half * (v * radial + g);
  }

  /** The distance from the principal point, pixels, up to which no two pixels look at one place. */
  get steadyRadius(): number {
    const isSteady = (r: number) =>
      this.#slope(r * r) >= LEAST_SLOPE && this.angleAt(this.half * r) < MOST_ANGLE;
    const [furthest, step] = [4, 0.01];
    let low = 0;
    while (low < furthest && isSteady(low + step)) low += step;
    let high = low + step;
    for (let halving = 0; halving < 30; halving++) {
      const middle = (low + high) / 2;
      if (isSteady(middle)) low = middle;
      else high = middle;
    }
    return this.half * low;
  }

  /** Whether it holds over the whole sky, or out to a distance from the principal point, pixels. */
  reaches(distance: number): boolean {
    const { steadyRadius } = this;
    return steadyRadius >= distance || this.angleAt(steadyRadius) >= WHOLE_SKY;
  }

  /** The angle from the axis at a distance from the principal point within the steady radius, radians. */
  angleAt(distance: number): number {
    const stretch = this.#stretch((distance / this.half) ** 2);
    return zenithalAngle(this.code, (distance * stretch) / this.focal);
  }

  /** The same as a plate solution. */
  toWcs(width: number, height: number): Wcs {
    const { r, focal, parity, terms } = this;
    const crval = placeOf(r.subarray(6, 9));
    const [ra, dec] = [crval[0] * RAD, crval[1] * RAD];
    const east = [-Math.sin(ra), Math.cos(ra), 0] as const;
    const north = [-Math.sin(dec) * Math.cos(ra), -Math.sin(dec) * Math.sin(ra), Math.cos(dec)] as const;
    const along = (axis: readonly [number, number, number], row: 0 | 1) =>
      axis[0] * r[3 * row]! + axis[1] * r[3 * row + 1]! + axis[2] * r[3 * row + 2]!;
    const [e1, e2] = [terms[SHEAR_AT]!, terms[SHEAR_AT + 1]!];
    const k = DEG / focal / (1 - e1 * e1 - e2 * e2);
    const row = (axis: readonly [number, number, number]): [number, number] => [
      k * (along(axis, 0) * (1 - e1) - along(axis, 1) * e2),
      parity * k * (along(axis, 1) * (1 + e1) - along(axis, 0) * e2),
    ];
    const sip = this.#sip();
    return {
      crval,
      crpix: [this.cx, this.cy],
      cd: [row(east), row(north)],
      width,
      height,
      projection: this.code,
      ...(sip && { sip }),
    };
  }

  /** Order of the distortion. */
  get order(): number {
    const { terms } = this;
    let order = 0;
    for (let j = 1; j <= MOST_RADIAL; j++) if (terms[j - 1] !== 0) order = 2 * j + 1;
    POWERS.forEach(([p, q], term) => {
      if (terms[FREE_AT + 2 * term] !== 0 || terms[FREE_AT + 2 * term + 1] !== 0)
        order = Math.max(order, p + q);
    });
    return order;
  }

  #sip(): SipDistortion | undefined {
    const { terms, half, order } = this;
    if (order === 0) return undefined;
    const table = () => Array.from({ length: order + 1 }, (_, p) => new Array<number>(order + 1 - p).fill(0));
    const [a, b] = [table(), table()];
    POWERS.forEach(([p, q], term) => {
      if (p + q > order) return;
      a[p]![q] = terms[FREE_AT + 2 * term]! / half ** (p + q - 1);
      b[p]![q] = terms[FREE_AT + 2 * term + 1]! / half ** (p + q - 1);
    });
    for (let j = 1; 2 * j + 1 <= order && j <= MOST_RADIAL; j++) {
      // u·(u² + v²)^j by the binomial theorem.
      let choose = 1;
      for (let i = 0; i <= j; i++) {
        const value = (choose * terms[j - 1]!) / half ** (2 * j);
        a[2 * (j - i) + 1]![2 * i]! += value;
        b[2 * i]![2 * (j - i) + 1]! += value;
        choose = (choose * (j - i)) / (i + 1);
      }
    }
    return { a, b };
  }
}
