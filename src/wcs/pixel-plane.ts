// biome-ignore-all lint/style/noNonNullAssertion: vectors have three elements for each point, and all arrays are of one length.
import { DEG, RAD, tangentPlane } from './sphere.js';
import { pixelToSky } from './tan-sip.js';
import type { Wcs } from './wcs.js';

type Matrix = Wcs['cd'];

/** Unit vectors of places in degrees, three elements each. */
export function unitVectors(ra_deg: ArrayLike<number>, dec_deg: ArrayLike<number>): Float64Array {
  const vectors = new Float64Array(3 * ra_deg.length);
  for (let i = 0; i < ra_deg.length; i++) {
    const [ra, dec] = [ra_deg[i]! * RAD, dec_deg[i]! * RAD];
    vectors[3 * i] = Math.cos(dec) * Math.cos(ra);
    vectors[3 * i + 1] = Math.cos(dec) * Math.sin(ra);
    vectors[3 * i + 2] = Math.sin(dec);
  }
  return vectors;
}

/** The plane that touches the sky where the middle of an image looks, in pixels of a picture without distortion, from that middle. */
export class PixelPlane {
  /** Degrees, and degrees for each pixel, as in a WCS. */
  readonly crval: [number, number];
  readonly cd: Matrix;

  constructor(crval: [number, number], cd: Matrix) {
    this.crval = crval;
    this.cd = cd;
  }

  /** The plane at the middle of the image that a solution describes. */
  static of(wcs: Wcs): PixelPlane {
    const [x, y] = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
    const crval = pixelToSky(wcs, x, y);
    const plane = tangentPlane(...crval);
    const at = (dx: number, dy: number) => plane.project(...pixelToSky(wcs, x + dx, y + dy)) ?? [0, 0];
    const [east, west, up, down] = [at(1, 0), at(-1, 0), at(0, 1), at(0, -1)];
    return new PixelPlane(crval, [
      [(east[0] - west[0]) / 2, (up[0] - down[0]) / 2],
      [(east[1] - west[1]) / 2, (up[1] - down[1]) / 2],
    ]);
  }

  /** Puts places into the plane; NaN for those behind it. */
  project(vectors: Float64Array, x: Float64Array, y: Float64Array): void {
    const [ra, dec] = [this.crval[0] * RAD, this.crval[1] * RAD];
    const [sinRa, cosRa, sinDec, cosDec] = [Math.sin(ra), Math.cos(ra), Math.sin(dec), Math.cos(dec)];
    const [[a, b], [c, d]] = inverse(this.cd);
    for (let i = 0; i < x.length; i++) {
      const [vx, vy, vz] = [vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!];
      const outward = cosRa * vx + sinRa * vy;
      const along = cosDec * outward + sinDec * vz;
      const scale = along > 1e-12 ? DEG / along : Number.NaN;
      const east = (cosRa * vy - sinRa * vx) * scale;
      const north = (cosDec * vz - sinDec * outward) * scale;
      x[i] = a * east + b * north;
      y[i] = c * east + d * north;
    }
  }

  /** The plane in which a pixel (x, y) of this one is the middle, and `linear` the unit matrix. */
  moved(x: number, y: number, linear: Matrix): PixelPlane {
    const crval = tangentPlane(...this.crval).unproject(...apply(this.cd, [x, y]));
    return new PixelPlane(crval, product(this.cd, linear));
  }
}

export function apply([[a, b], [c, d]]: Matrix, [x, y]: readonly [number, number]): [number, number] {
  return [a * x + b * y, c * x + d * y];
}

function product(m: Matrix, [[a, b], [c, d]]: Matrix): Matrix {
  const [left, right] = [apply(m, [a, c]), apply(m, [b, d])];
  return [
    [left[0], right[0]],
    [left[1], right[1]],
  ];
}

export function inverse([[a, b], [c, d]]: Matrix): Matrix {
  const det = a * d - b * c;
  return [
    [d / det, -b / det],
    [-c / det, a / det],
  ];
}
