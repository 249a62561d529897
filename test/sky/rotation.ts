import type { Random } from './random.js';

/** A rotation, row by row; evenly distributed, from a unit quaternion. */
export function randomRotation(random: Random): Float64Array {
  const q = [random.normal(), random.normal(), random.normal(), random.normal()];
  const length = Math.hypot(...q);
  const [a, b, c, d] = q.map((value) => value / length) as [number, number, number, number];
  return Float64Array.of(
    a * a + b * b - c * c - d * d,
    2 * (b * c - a * d),
    2 * (b * d + a * c),
    2 * (b * c + a * d),
    a * a - b * b + c * c - d * d,
    2 * (c * d - a * b),
    2 * (b * d - a * c),
    2 * (c * d + a * b),
    a * a - b * b - c * c + d * d,
  );
}
