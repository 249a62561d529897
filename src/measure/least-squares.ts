// biome-ignore-all lint/style/noNonNullAssertion: rows and values are of one length.
import { cholesky } from '../wcs/cholesky.js';
import { median } from './median.js';

const ROUNDS = 4;
const CLIP = 3;

/**
 * Coefficients of a linear model by least squares, without values that are more than 3σ (by the median absolute deviation) from it.
 * @param rows the terms of each value
 * @returns undefined where the values do not determine it
 */
export function clippedFit(
  rows: readonly (readonly number[])[],
  values: ArrayLike<number>,
): Float64Array | undefined {
  const size = rows[0]?.length ?? 0;
  let kept = Array.from(rows.keys());
  let fit: Float64Array | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    if (kept.length <= size) return fit;
    const normal = new Float64Array(size * size);
    const right = new Float64Array(size);
    for (const i of kept) {
      const row = rows[i]!;
      for (let a = 0; a < size; a++) {
        right[a]! += row[a]! * values[i]!;
        for (let b = 0; b < size; b++) normal[a * size + b]! += row[a]! * row[b]!;
      }
    }
    const found = cholesky(normal, size)?.solve(right);
    if (!found) return fit;
    fit = found;
    const off = (i: number) => values[i]! - rows[i]!.reduce((sum, term, a) => sum + term * found[a]!, 0);
    const limit = CLIP * 1.4826 * median(kept.map((i) => Math.abs(off(i))));
    const next = kept.filter((i) => Math.abs(off(i)) <= limit);
    if (next.length === kept.length || !(limit > 0)) break;
    kept = next;
  }
  return fit;
}
