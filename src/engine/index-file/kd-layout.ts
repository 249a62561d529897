import { type ElementType, isInteger } from './element-type.js';
import { IndexFileError } from './error.js';
import type { Header } from './header.js';
import { type IndexTables, orderOf } from './index-tables.js';
import type { PagedTable } from './paged-table.js';

/** The two trees of an index file. */
export type TreeName = 'codes' | 'stars';

/**
 * A kd-tree as libkd stores it. Node k has the children 2k + 1 and 2k + 2; nodes from `leaves - 1` on are leaves and hold
 * consecutive rows of `data`. A value of an integer type stands for `low[axis] + value / scale`.
 */
export interface KdLayout {
  name: TreeName;
  dimensions: number;
  rows: number;
  leaves: number;
  dataType: ElementType;
  /** Of splits and boxes. */
  treeType: ElementType;
  data: PagedTable;
  /** Splitting values of the inner nodes; a packed one holds its axis in its last bits. */
  splits?: PagedTable;
  /** Splitting axes of the inner nodes; absent where splits are packed. */
  splitAxes?: PagedTable;
  /** Lowest corner and highest corner of every node; used where there are no splits. */
  boxes?: PagedTable;
  /** Number of the last row of every leaf, −1 for an empty first one. */
  lastRows?: PagedTable;
  /** Rows are shared out among the leaves in proportion. */
  linear: boolean;
  /** For each row the number that its item had when the tree was made, which is how others name it. */
  permutation?: PagedTable;
  low: Float64Array;
  scale: number;
}

const TYPES: ReadonlyMap<string | undefined, ElementType> = new Map([
  ['u16', 'u16'],
  ['u32', 'u32'],
  ['float', 'float'],
  ['double', 'double'],
]);

/** libkd counts rows and nodes in signed 32-bit numbers. */
const MAX_COUNT = 2 ** 31 - 1;

/** @throws IndexFileError `not_an_index` where the file has no tree of that name. */
export function treeHeader(tables: IndexTables, name: TreeName): Header {
  const found = tables.find((header) => header.text('KDT_NAME') === name);
  if (found === undefined) throw new IndexFileError('not_an_index', `There is no tree of ${name}`);
  return found.header;
}

/**
 * Finds the tables of a tree and checks that they fit each other.
 * @param rows how many items the rest of the file says that there are.
 * @throws IndexFileError
 */
export function openLayout(tables: IndexTables, name: TreeName, dimensions: number, rows: number): KdLayout {
  const header = treeHeader(tables, name);
  const bad = (what: string): IndexFileError => new IndexFileError('corrupt', `The tree of ${name} ${what}`);
  if (orderOf(header) !== tables.order) throw bad('is of another byte order than the file');
  if (header.count('KDT_NDIM') !== dimensions) throw bad(`is not of ${dimensions} dimensions`);
  if (header.count('KDT_NDAT') !== rows || rows > MAX_COUNT)
    throw bad(`does not hold the ${rows} that there should be`);
  const nodes = header.count('KDT_NNOD', 1);
  const leaves = (nodes + 1) / 2;
  if (nodes > MAX_COUNT || !Number.isInteger(Math.log2(leaves))) throw bad('is not a complete binary tree');
  // libkd makes no tree with more nodes than items, but for a single leaf.
  if (nodes > Math.max(1, rows)) throw bad('has more nodes than items');
  const dataType = TYPES.get(header.text('KDT_DATA'));
  const treeType = TYPES.get(header.text('KDT_INT'));
  const isKnown =
    dataType && treeType && (dataType === treeType || (isInteger(treeType) && !isInteger(dataType)));
  if (!isKnown || header.text('KDT_EXT') === 'u64')
    throw new IndexFileError('unsupported', `The tree of ${name} is of types that no index file has`);

  const table = `_${name}`;
  const inner = leaves - 1;
  const splits = tables.optional(`kdtree_split${table}`, { type: treeType, columns: 1, rows: inner });
  const splitAxes = tables.optional(`kdtree_splitdim${table}`, { type: 'u8', columns: 1, rows: inner });
  const canSplit = splits && (splitAxes || isInteger(treeType));
  const boxes = canSplit
    ? undefined
    : tables.optional(`kdtree_bb${table}`, { type: treeType, columns: 2 * dimensions, rows: nodes });
  if (!canSplit && !boxes && inner > 0) throw bad('has neither splits nor boxes');
  const linear = header.flag('KDT_LINL');
  const lastRows = linear
    ? undefined
    : tables.optional(`kdtree_lr${table}`, { type: 'i32', columns: 1, rows: leaves });
  const permutation = tables.optional(`kdtree_perm${table}`, { type: 'u32', columns: 1, rows });
  return {
    name,
    dimensions,
    rows,
    leaves,
    dataType,
    treeType,
    data: tables.required(`kdtree_data${table}`, { type: dataType, columns: dimensions, rows }),
    ...(canSplit && { splits, ...(splitAxes && { splitAxes }) }),
    ...(boxes && { boxes }),
    ...(lastRows && { lastRows }),
    linear,
    ...(permutation && { permutation }),
    ...readRange(tables, name, dimensions, isInteger(treeType)),
  };
}

/** Lower bounds and scale; zeros and one for a tree of real numbers, which has no need of them. */
function readRange(
  tables: IndexTables,
  name: TreeName,
  dimensions: number,
  isNeeded: boolean,
): { low: Float64Array; scale: number } {
  const low = new Float64Array(dimensions);
  if (!isNeeded) return { low, scale: 1 };
  const range = tables.required(`kdtree_range_${name}`, {
    type: 'double',
    columns: 1,
    rows: 2 * dimensions + 1,
  });
  for (let axis = 0; axis < dimensions; axis++) low[axis] = range.at(axis);
  const scale = range.at(2 * dimensions);
  if (!low.every(Number.isFinite) || !(scale > 0 && Number.isFinite(scale)))
    throw new IndexFileError('corrupt', `The tree of ${name} has no usable range`);
  return { low, scale };
}
