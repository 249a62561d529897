import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { memoryUsage } from 'node:process';
import { Worker } from 'node:worker_threads';
import { AstroJobsError } from '../../job/errors.js';
import { packageFile } from '../../package-files.js';
import { lowerPriority } from '../../process/priority.js';
import { carryOut, warmUp } from './carry-out.js';
import type { GuardData } from './guard-thread.js';
import { DATA_FD, type FromChild, type ToChild } from './protocol.js';

// The process in which images of unknown origin are read: one order after another, each of which may end it. It lives as long as the
// channel to its parent.

// A terminal and a service manager send these to the parent's whole group; when this process ends is the parent's business.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

try {
  // Where memory is short, Linux ends this process first.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {}

lowerPriority(5);

const data = new Socket({ fd: DATA_FD, readable: false, writable: true });
const busy = new Int32Array(new SharedArrayBuffer(4));
const limit = new Float64Array(new SharedArrayBuffer(8));
const guardData: GuardData = { parentPid: process.ppid, busy, limit };
new Worker(packageFile('dist', 'decoding', 'child', 'guard-thread.js'), { workerData: guardData }).unref();

let stopping = new AbortController();

function tell(message: FromChild): void {
  process.send?.(message);
}

function setBusy(isBusy: boolean): void {
  Atomics.store(busy, 0, isBusy ? 1 : 0);
  Atomics.notify(busy, 0);
}

async function obey({ order, maxMemoryBytes }: Extract<ToChild, { kind: 'order' }>): Promise<void> {
  stopping = new AbortController();
  limit[0] = maxMemoryBytes;
  setBusy(true);
  try {
    const { value, bytes } = await carryOut(order, stopping.signal);
    tell({ kind: 'answer', value, bytes: bytes?.byteLength ?? 0, resident: memoryUsage.rss() });
    if (bytes && bytes.byteLength > 0) data.write(bytes);
  } catch (error) {
    const code = error instanceof AstroJobsError ? error.code : undefined;
    tell({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  } finally {
    setBusy(false);
  }
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'stop') stopping.abort();
  else obey(message).catch(() => process.exit(1));
});

await warmUp();
tell({ kind: 'ready' });
