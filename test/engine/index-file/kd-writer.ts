/** How a tree is to be stored: the choices of libkd. */
export interface TreeForm {
  data: NumberType;
  tree: NumberType;
  /** Splits with their axis in the last bits, splits and axes apart, or bounding boxes. */
  nodes: 'packed' | 'apart' | 'boxes';
  /** Whether the last row of each leaf is stored, shared out in proportion, or follows from halving. */
  leaves: 'stored' | 'linear' | 'halved';
}

export type NumberType = 'u8' | 'u16' | 'u32' | 'float' | 'double';

/** A table of one column: `width` numbers in a row. */
export interface Table {
  name: string;
  type: NumberType;
  width: number;
  values: number[];
}

/** A tree ready to be written, and which item each of its rows holds. */
export interface WrittenTree {
  nodes: number;
  rowItems: number[];
  tables: Table[];
}

const LEAF_ROWS = 10;
const TYPE_MAX: Partial<Record<NumberType, number>> = { u16: 65535, u32: 4294967295 };

/**
 * Makes a kd-tree as libkd does, from the description of its format.
 * @param items coordinates of each item.
 */
export function writeTree(
  name: string,
  items: readonly number[][],
  low: number,
  high: number,
  form: TreeForm,
): WrittenTree {
  const dimensions = items[0]!.length;
  const scale = (TYPE_MAX[form.tree] ?? TYPE_MAX.u32!) / (high - low);
  const isWholeTree = form.tree in TYPE_MAX;
  const inData = (value: number): number => {
    if (form.data === 'float') return Math.fround(value);
    return form.data in TYPE_MAX ? Math.round((value - low) * scale) : value;
  };
  /** From the data's units to the tree's; whole where the tree is, after `round`. */
  const toTree = (value: number, round: (x: number) => number): number =>
    form.data === form.tree ? value : round((value - low) * scale);
  const toData = (value: number): number => (form.data === form.tree ? value : low + value / scale);

  const rows = items.map((item, id) => ({ id, at: item.map(inData) }));
  const leaves = 2 ** Math.max(0, Math.floor(Math.log2(items.length / LEAF_ROWS)));
  const inner = leaves - 1;
  const axisBits = 2 ** Math.ceil(Math.log2(dimensions));
  const splits: number[] = new Array(inner).fill(0);
  const axes: number[] = new Array(inner).fill(0);
  const boxes: number[] = new Array((2 * leaves - 1) * 2 * dimensions).fill(0);
  const ends: number[] = new Array(leaves).fill(0);

  const build = (node: number, from: number, to: number): void => {
    const part = rows.slice(from, to);
    const extent = Array.from({ length: dimensions }, (_, axis) => {
      const values = part.map(({ at }) => at[axis]!);
      return [Math.min(...values), Math.max(...values)] as const;
    });
    extent.forEach(([least, most], axis) => {
      if (part.length === 0) return;
      boxes[2 * dimensions * node + axis] = toTree(least, Math.floor);
      boxes[2 * dimensions * node + dimensions + axis] = toTree(most, Math.ceil);
    });
    if (node >= inner) {
      ends[node - inner] = to - 1;
      return;
    }
    const sizes = extent.map(([least, most]) => most - least);
    const axis = sizes.indexOf(Math.max(...sizes));
    part.sort((a, b) => a.at[axis]! - b.at[axis]!);
    rows.splice(from, part.length, ...part);
    let middle = from + Math.floor((to - from) / 2);
    if (form.leaves === 'linear') middle = Math.floor((leafAfterLeft(node, leaves) * rows.length) / leaves);
    let split = toTree(rows[middle]!.at[axis]!, Math.round);
    if (form.nodes === 'packed') {
      // What is left of the split after its last bits went to the axis must still part the rows.
      split -= split % axisBits;
      while (middle < to - 1 && rows[middle]!.at[axis]! < toData(split)) middle++;
      while (middle > from && rows[middle - 1]!.at[axis]! > toData(split)) middle--;
      splits[node] = split + axis;
    } else {
      splits[node] = split;
    }
    axes[node] = axis;
    build(2 * node + 1, from, middle);
    build(2 * node + 2, middle, to);
  };
  build(0, 0, rows.length);

  const table = (part: string, type: NumberType, width: number, values: number[]): Table => ({
    name: `kdtree_${part}_${name}`,
    type,
    width,
    values,
  });
  const same = <T>(value: T): T[] => new Array(dimensions).fill(value);
  return {
    nodes: 2 * leaves - 1,
    rowItems: rows.map(({ id }) => id),
    tables: [
      ...(form.leaves === 'stored' ? [table('lr', 'u32', 1, ends)] : []),
      ...(form.nodes === 'boxes'
        ? [table('bb', form.tree, 2 * dimensions, boxes)]
        : [table('split', form.tree, 1, splits)]),
      ...(form.nodes === 'apart' ? [table('splitdim', 'u8', 1, axes)] : []),
      ...(isWholeTree ? [table('range', 'double', 1, [...same(low), ...same(high), scale])] : []),
      table(
        'data',
        form.data,
        dimensions,
        rows.flatMap(({ at }) => at),
      ),
    ],
  };
}

/** The number of the first leaf below the right child of a node. */
function leafAfterLeft(node: number, leaves: number): number {
  let first = 2 * node + 2;
  while (first < leaves - 1) first = 2 * first + 1;
  return first - (leaves - 1);
}
