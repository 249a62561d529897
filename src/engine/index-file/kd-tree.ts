// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { isInteger } from './element-type.js';
import { IndexFileError } from './error.js';
import type { KdLayout } from './kd-layout.js';
import { endOfLeaf } from './kd-leaves.js';
import { Permutation } from './permutation.js';

/** Pruning must not lose an item on the very edge to rounding. */
const EDGE = 1 + 1e-12;
/** What is known of a place in whole units of a 32-bit integer type, so that a stored place is found at a distance of 0. */
const PLACE_ERROR = 1e-5;

/**
 * Searches a kd-tree for what lies within a distance. All that a search needs is kept between calls, so a search makes no objects;
 * `visit` must therefore not search the same tree.
 */
export class KdTree {
  readonly #layout: KdLayout;
  readonly #permutation: Permutation | undefined;
  readonly #inner: number;
  /** The last bits of a packed split that hold its axis. */
  readonly #axisMask: number;
  /** By how much a split or a box may miss the items that it was made of, in units of the tree. */
  readonly #slack: number;

  /** The place that is searched for, in units of the tree and of the data, and the squares of the radius. */
  readonly #inTree: Float64Array;
  readonly #inData: Float64Array;
  #treeRadius2 = 0;
  #dataRadius2 = 0;
  /** How far the place lies outside of the node that is looked at, along each axis, in units of the tree. */
  readonly #outside: Float64Array;
  #scanned = 0;
  #visit: ((item: number) => void) | undefined;

  constructor(layout: KdLayout) {
    this.#layout = layout;
    this.#permutation = layout.permutation && new Permutation(layout.permutation);
    this.#inner = layout.leaves - 1;
    this.#axisMask = layout.splitAxes ? 0 : 2 ** Math.ceil(Math.log2(layout.dimensions)) - 1;
    this.#slack = layout.dataType === layout.treeType ? 0 : 1;
    this.#inTree = new Float64Array(layout.dimensions);
    this.#inData = new Float64Array(layout.dimensions);
    this.#outside = new Float64Array(layout.dimensions);
  }

  /**
   * Calls `visit` with the number of every item whose Euclidean distance from `place` is at most `radius`, in no particular order.
   * Nothing is within a place or a radius that is not finite.
   * @throws IndexFileError `corrupt`, `truncated`.
   */
  search(place: ArrayLike<number>, radius: number, visit: (item: number) => void): void {
    if (this.#visit !== undefined) throw new Error('A kd-tree is searched from within its own search');
    const { low, scale, dimensions, treeType, dataType, boxes } = this.#layout;
    if (!(radius >= 0 && radius < Infinity)) return;
    for (let axis = 0; axis < dimensions; axis++) {
      const at = place[axis] ?? Number.NaN;
      if (!Number.isFinite(at)) return;
      const scaled = (at - low[axis]!) * scale;
      this.#inTree[axis] = isInteger(treeType) ? scaled : at;
      this.#inData[axis] = isInteger(dataType) ? scaled : at;
    }
    const scaledRadius = radius * scale + PLACE_ERROR;
    this.#treeRadius2 = (isInteger(treeType) ? scaledRadius : radius) ** 2 * EDGE;
    this.#dataRadius2 = (isInteger(dataType) ? scaledRadius : radius) ** 2;
    this.#outside.fill(0);
    this.#scanned = 0;
    this.#visit = visit;
    try {
      if (boxes) this.#descendBoxes(0);
      else this.#descendSplits(0, 0);
    } finally {
      this.#visit = undefined;
    }
  }

  /**
   * The coordinates of an item. It must be one of the tree's.
   * @throws IndexFileError `corrupt`, `truncated`.
   */
  coordinates(item: number, out: { [axis: number]: number }): void {
    const { data, dataType, low, scale, dimensions } = this.#layout;
    const row = this.#permutation ? this.#permutation.rowOf(item) : item;
    const page = data.pageOf(row);
    const start = dimensions * (row & ((1 << data.shift) - 1));
    const isScaled = isInteger(dataType);
    for (let axis = 0; axis < dimensions; axis++) {
      // The page holds the whole row, and there is a lower bound for every axis.
      const value = page[start + axis]!;
      out[axis] = isScaled ? low[axis]! + value / scale : value;
    }
  }

  /** @param gap2 square of the distance from the place to the node. */
  #descendSplits(node: number, gap2: number): void {
    if (node >= this.#inner) {
      this.#scanLeaf(node - this.#inner);
      return;
    }
    const { splits, splitAxes, dimensions, name } = this.#layout;
    // Without boxes every tree of more than one leaf has splits; a node below `inner` is a row of them.
    const stored = splits!.at(node);
    const axis = splitAxes ? splitAxes.at(node) : stored & this.#axisMask;
    if (axis >= dimensions || Number.isNaN(stored))
      throw new IndexFileError('corrupt', `A split of the tree of ${name} is along no axis`);
    const split = splitAxes ? stored : stored - axis;
    const beyond = this.#inTree[axis]! - split;
    const before = this.#outside[axis]!;
    const farOutside = Math.max(before, Math.abs(beyond) - this.#slack);
    const farGap2 = gap2 - before * before + farOutside * farOutside;
    if (beyond < 0) {
      this.#descendSplits(2 * node + 1, gap2);
      if (farGap2 > this.#treeRadius2) return;
      this.#outside[axis] = farOutside;
      this.#descendSplits(2 * node + 2, farGap2);
    } else {
      if (farGap2 <= this.#treeRadius2) {
        this.#outside[axis] = farOutside;
        this.#descendSplits(2 * node + 1, farGap2);
        this.#outside[axis] = before;
      }
      this.#descendSplits(2 * node + 2, gap2);
    }
    this.#outside[axis] = before;
  }

  #descendBoxes(node: number): void {
    const { boxes, dimensions } = this.#layout;
    // Called for trees with boxes only; every node has one.
    const page = boxes!.pageOf(node);
    const lowest = 2 * dimensions * (node & ((1 << boxes!.shift) - 1));
    let gap2 = 0;
    for (let axis = 0; axis < dimensions; axis++) {
      const at = this.#inTree[axis]!;
      const below = page[lowest + axis]! - at;
      const above = at - page[lowest + dimensions + axis]!;
      const gap = Math.max(0, below - this.#slack, above - this.#slack);
      gap2 += gap * gap;
    }
    if (gap2 > this.#treeRadius2) return;
    if (node >= this.#inner) {
      this.#scanLeaf(node - this.#inner);
      return;
    }
    this.#descendBoxes(2 * node + 1);
    this.#descendBoxes(2 * node + 2);
  }

  #scanLeaf(leaf: number): void {
    const { data, dimensions, rows, name } = this.#layout;
    let row = leaf === 0 ? 0 : endOfLeaf(this.#layout, leaf - 1);
    const end = endOfLeaf(this.#layout, leaf);
    this.#scanned += end - row;
    // Leaves share no rows, so one search cannot come to more than there are.
    if (end < row || this.#scanned > rows)
      throw new IndexFileError('corrupt', `Leaves of the tree of ${name} overlap`);
    const pageRows = 1 << data.shift;
    while (row < end) {
      const page = data.pageOf(row);
      const first = row - (row & (pageRows - 1));
      const stop = Math.min(end, first + pageRows);
      for (; row < stop; row++) {
        const start = dimensions * (row - first);
        let distance2 = 0;
        for (let axis = 0; axis < dimensions; axis++) {
          // The page holds whole rows; the place has a coordinate for every axis.
          const apart = page[start + axis]! - this.#inData[axis]!;
          distance2 += apart * apart;
        }
        if (distance2 <= this.#dataRadius2) this.#report(row);
      }
    }
  }

  #report(row: number): void {
    // Set for as long as a search goes on.
    this.#visit!(this.#permutation ? this.#permutation.itemOf(row) : row);
  }
}
