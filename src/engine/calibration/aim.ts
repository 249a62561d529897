// biome-ignore-all lint/style/noNonNullAssertion: rotations have nine elements, vectors three for each star.
import { unitVectors } from '../../wcs/pixel-plane.js';
import { pixelsToSky } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';
import { turn } from '../all-sky/lens.js';

/**
 * Where one frame points: a rotation of the sky into the frame of the camera, whose axes are x and y of the pixels (y mirrored for parity −1)
 * and the direction in which the middle of the picture looks.
 */
export class Aim {
  readonly parity: 1 | -1;
  /** Row by row. */
  readonly r: Float64Array;

  private constructor(parity: 1 | -1, r: Float64Array) {
    this.parity = parity;
    this.r = r;
  }

  /** That of a plate solution. */
  static of(wcs: Wcs): Aim {
    const [x, y] = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
    const sky = pixelsToSky(
      wcs,
      Float64Array.of(x, x + 1, x - 1, x, x),
      Float64Array.of(y, y, y, y + 1, y - 1),
    );
    const v = unitVectors(sky.ra_deg, sky.dec_deg);
    const at = (point: number): Vector => [v[3 * point]!, v[3 * point + 1]!, v[3 * point + 2]!];
    const axis = at(0);
    const right = minus(at(1), at(2));
    const down = minus(at(3), at(4));
    const along = dot(right, axis);
    const across = unit(minus(right, [along * axis[0], along * axis[1], along * axis[2]]));
    const parity = dot(cross(right, down), axis) > 0 ? 1 : -1;
    return new Aim(parity, Float64Array.of(...across, ...cross(axis, across), ...axis));
  }

  copy(): Aim {
    return new Aim(this.parity, this.r.slice());
  }

  /** Turns it further by small angles about its own axes, radians. */
  turn(x: number, y: number, z: number): void {
    turn(this.r, x, y, z);
  }

  /** Where a star is seen: tangents of the angles from the axis, along x and y of the pixels; NaN behind the camera. */
  project(vectors: Float64Array, star: number): readonly [number, number] {
    const { r, parity } = this;
    const [vx, vy, vz] = [vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!];
    const z = r[6]! * vx + r[7]! * vy + r[8]! * vz;
    if (!(z > 0)) return [Number.NaN, Number.NaN];
    return [
      (r[0]! * vx + r[1]! * vy + r[2]! * vz) / z,
      (parity * (r[3]! * vx + r[4]! * vy + r[5]! * vz)) / z,
    ];
  }
}

type Vector = readonly [number, number, number];

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
function unit(a: Vector): Vector {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}
