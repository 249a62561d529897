import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { Engine } from '../../engine/engine.js';
import { buildQuads, QUAD_SIZES, type QuadTable } from '../../engine/quads.js';
import { shareTable, tableOf } from '../../engine/shared.js';
import { SkyGrid } from '../../engine/sky-grid.js';
import { decodeStars } from '../../engine/star-file.js';
import type { FromThread, ToThread } from './messages.js';

// A thread of the engine: it either builds what all threads share, or searches.

const shared = (bytes: number) => new SharedArrayBuffer(bytes);
const tables = new Map<number, QuadTable>();
let grid: SkyGrid | undefined;

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

function build(file: string): void {
  const sky = decodeStars(brotliDecompressSync(readFileSync(file)), shared);
  tell({ kind: 'sky', sky });
  const own = new SkyGrid(sky);
  for (const size of [...QUAD_SIZES].sort((a, b) => b - a))
    tell({ kind: 'table', table: shareTable(buildQuads(own, size, shared)) });
}

function handle(message: ToThread): void {
  if (message.kind === 'build') {
    build(message.file);
    return;
  }
  if (message.kind === 'sky') {
    grid = new SkyGrid(message.sky);
    return;
  }
  if (!grid) throw new Error('The engine was asked before it had stars');
  if (message.kind === 'table') {
    tables.set(message.table.size_deg, tableOf(grid, message.table));
    return;
  }
  const { question, sizes, stop } = message;
  const wanted = sizes.map((size) => tables.get(size)).filter((table) => table !== undefined);
  const answer = new Engine(grid, wanted).solve(question, () => Atomics.load(stop, 0) !== 0);
  tell({ kind: 'answer', answer });
}

parentPort?.on('message', (message: ToThread) => {
  try {
    handle(message);
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
