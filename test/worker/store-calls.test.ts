import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Analyze } from '../../src/analysis/analyze.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { silentLogger } from '../../src/job/logger.js';
import { newStatus, runnerOf, SOLVED } from './scripted.js';

function counting(store: JobStore): { store: JobStore; calls: string[] } {
  const calls: string[] = [];
  const proxy = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return { store: proxy, calls };
}
async function* one() { yield Buffer.from('x'); }
describe('base', () => {
  for (const ms of [0, 1200, 3000])
  it(`counts ${ms}`, async () => {
    const { store, calls } = counting(new MemoryJobStore());
    const analyze: Analyze = async (_p, _q, { log, onProgress }) => {
      onProgress({ stage: 'solving' });
      for (let t = 0; t < ms; t += 100) { log('x\n'); await sleep(100); }
      log('y\n');
      return { result: SOLVED, files: {} };
    };
    const queue = new InProcessQueue({ concurrency: 1 });
    queue.attach({ store, runner: runnerOf(store, analyze, { leaseSeconds: 30 }), logger: silentLogger });
    const s = newStatus();
    await store.create(s, one());
    await queue.enqueue();
    while ((await (Object.getPrototypeOf(store), store).counts()).done === 0) { calls.pop(); await sleep(20); }
    calls.pop();
    await sleep(100);
    console.log(ms, calls.length, calls.join(' '));
    await queue.close({ deadlineMs: 0 });
  });
});
