import { NeighbourLists } from './neighbour-lists.js';
import type { QuadTable } from './quads.js';
import type { SkyGrid } from './sky-grid.js';

/** A table of quads as plain memory, which threads can share. */
export interface SharedTable extends Omit<QuadTable, 'neighbours'> {
  neighbours: Int32Array;
}

export function shareTable({ neighbours, ...table }: QuadTable): SharedTable {
  return { ...table, neighbours: neighbours.stars };
}

/** The table in another thread, over the same memory. */
export function tableOf(grid: SkyGrid, { neighbours, ...table }: SharedTable): QuadTable {
  const lists = new NeighbourLists(grid, table.size_deg, (bytes) => new ArrayBuffer(bytes), neighbours);
  return { ...table, neighbours: lists };
}
