import { writeSync } from 'node:fs';
import { kill, memoryUsage, pid } from 'node:process';
import { workerData } from 'node:worker_threads';
import { MEMORY_MARK } from './protocol.js';

// Ends the process in which it runs when that has taken too much memory or has lost its parent. A thread of its own, since the main one
// may be held by a decoder for as long as that pleases; limits of a thread bind neither buffers nor what native code takes.

/** What the main thread shares with the guard. */
export interface GuardData {
  parentPid: number;
  /** 1 while there is work. */
  busy: Int32Array;
  /** Bytes of resident memory that the work may bring the process to. */
  limit: Float64Array;
}

/** A decoder fills some 100 MB within the shorter of these, milliseconds. */
const BUSY_MS = 25;
const IDLE_MS = 1000;

const { parentPid, busy, limit } = workerData as GuardData;

for (;;) {
  const isBusy = Atomics.load(busy, 0) === 1;
  if (process.ppid !== parentPid) kill(pid, 'SIGKILL');
  const resident = memoryUsage.rss();
  if (isBusy && resident > (limit[0] ?? 0)) {
    writeSync(2, `${MEMORY_MARK} of ${resident} bytes\n`);
    kill(pid, 'SIGKILL');
  }
  Atomics.wait(busy, 0, isBusy ? 1 : 0, isBusy ? BUSY_MS : IDLE_MS);
}
