import { IndexFileError } from './error.js';
import type { KdLayout } from './kd-layout.js';

/**
 * One past the last row of a leaf, counted from 0.
 * @throws IndexFileError `corrupt` when the file names a row that there is not.
 */
export function endOfLeaf(layout: KdLayout, leaf: number): number {
  const { rows, leaves, lastRows, linear } = layout;
  if (linear) return Math.floor(((leaf + 1) * rows) / leaves);
  if (lastRows === undefined) return endOfHalves(rows, leaves, leaf);
  const end = lastRows.at(leaf) + 1;
  if (end < 0 || end > rows)
    throw new IndexFileError('corrupt', `A leaf of the tree of ${layout.name} ends outside its ${rows} rows`);
  return end;
}

/** In a tree that stores no ends every node gave half of its rows, rounded down, to its left child. */
function endOfHalves(rows: number, leaves: number, leaf: number): number {
  const next = leaf + 1;
  if (next === leaves) return rows;
  let end = 0;
  let left = rows;
  for (let bit = leaves / 2; bit >= 1; bit /= 2) {
    const half = Math.floor(left / 2);
    if ((next & bit) !== 0) {
      end += half;
      left -= half;
    } else {
      left = half;
    }
  }
  return end;
}
