// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { Camera } from '../camera.js';
import type { StarList } from '../field.js';
import type { Lens } from './lens.js';

/** The stars of a round patch of a fisheye image, as a pinhole camera aimed at the middle of the patch would have seen them. */
export interface Patch {
  stars: { x: Float64Array; y: Float64Array; flux: Float64Array };
  /** Numbers of its stars in the list. */
  members: Int32Array;
  /** Pixels along each side of the square that holds it. */
  size: number;
  /** From the lens's frame (parity 1) to the patch's own, row by row. */
  turn: Float64Array;
}

/**
 * Unrolls a patch of the image onto the plane that touches the sphere in its middle, with the lens's scale in the middle of the plane.
 * @param lens what the image is taken to have been made with; its rotation does not count
 * @param along angle of the middle of the patch about the principal point, radians
 * @param out its distance from the axis, radians
 * @param radius of the patch, radians
 * @param most of the list's stars in the patch, the first of them
 */
export function unroll(
  lens: Lens,
  list: StarList,
  along: number,
  out: number,
  radius: number,
  most: number,
): Patch {
  const [sinA, cosA, sinO, cosO] = [Math.sin(along), Math.cos(along), Math.sin(out), Math.cos(out)];
  // The third row looks at the middle of the patch; the others keep the directions of x and y on the axis.
  const axis = [sinO * cosA, sinO * sinA, cosO] as const;
  const turn = aimed(axis);
  const size = 2 * lens.focal * Math.tan(radius) + 1;
  const middle = (size + 1) / 2;
  const cosRadius = Math.cos(radius);
  const [x, y, flux, members]: number[][] = [[], [], [], []];
  for (let i = 0; i < list.x.length && members!.length < most; i++) {
    const [dx, dy] = [list.x[i]! - lens.cx, list.y[i]! - lens.cy];
    const distance = Math.hypot(dx, dy);
    const angle = lens.angleAt(distance);
    if (Number.isNaN(angle)) continue;
    const sin = Math.sin(angle) / Math.max(distance, 1e-9);
    const [u, v, w] = [sin * dx, sin * dy, Math.cos(angle)];
    const z = turn[6]! * u + turn[7]! * v + turn[8]! * w;
    if (z < cosRadius) continue;
    x!.push(middle + (lens.focal * (turn[0]! * u + turn[1]! * v + turn[2]! * w)) / z);
    y!.push(middle + (lens.focal * (turn[3]! * u + turn[4]! * v + turn[5]! * w)) / z);
    flux!.push(list.flux ? list.flux[i]! : -i);
    members!.push(i);
  }
  return {
    stars: { x: Float64Array.from(x!), y: Float64Array.from(y!), flux: Float64Array.from(flux!) },
    members: Int32Array.from(members!),
    size,
    turn,
  };
}

/** Gives a lens the aim, the parity and the scale of a camera that found a patch. */
export function aimLens(lens: Lens, camera: Camera, { turn }: Patch): void {
  const { parity, r, focal } = camera;
  lens.parity = parity;
  lens.focal = focal;
  // Frames of parity −1 have y the other way: r = (M·turn·M)·rotation of the lens, M being the mirror.
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) {
        const mirror = (row === 1) !== (k === 1) ? parity : 1;
        sum += mirror * turn[3 * k + row]! * r[3 * k + column]!;
      }
      lens.r[3 * row + column] = sum;
    }
  }
}

/** The shortest turn of the axis (0, 0, 1) to a direction, as the rotation into the frame that looks there. */
function aimed([x, y, z]: readonly [number, number, number]): Float64Array {
  const k = 1 / (1 + z);
  return Float64Array.of(1 - k * x * x, -k * x * y, -x, -k * x * y, 1 - k * y * y, -y, x, y, z);
}
