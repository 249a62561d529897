import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BullMQJobQueue } from '../../src/queue/bullmq/index.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { describeWith } from '../needs.js';
import { freePort } from '../servers/process.js';
import { startRedis } from '../servers/redis.js';
import { hostFor } from './runner.js';

const SLOW_MS = 6500;

/** A way to a server that says nothing for a time, as to a process on a machine that has too much to do. */
async function slowWay(to: number) {
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    sockets.add(inner.on('error', () => {}));
    void sleep(SLOW_MS).then(() => {
      if (inner.destroyed) return;
      const outer = connect(to, '127.0.0.1').on('error', () => inner.destroy());
      sockets.add(outer);
      inner.pipe(outer).pipe(inner);
    });
  });
  const reached = once(server, 'connection');
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port, reached, close };
}

function queueAt(port: number): BullMQJobQueue {
  const queue = new BullMQJobQueue({ url: `redis://127.0.0.1:${port}` });
  // Nothing is asked of it here.
  const store = new FileSystemJobStore({ dir: tmpdir() });
  queue.attach(hostFor(store, { extractorBin: 'none', leaseSeconds: 30 }));
  return queue;
}

describeWith(['redis'], 'the check of a worker that starts', () => {
  it.concurrent('waits for an engine that is slow to answer, unless it is told for how long', async () => {
    const server = await startRedis();
    const way = await slowWay(server.port);
    const queue = queueAt(way.port);
    try {
      const probed = queue.check({ withinMs: 1000 });
      const started = queue.check();
      await expect(probed).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(started).resolves.toBeUndefined();
    } finally {
      await queue.close({ graceSeconds: 0 });
      way.close();
      await server.stop();
    }
  });

  it.concurrent('ends after five seconds where no connection can be made', async () => {
    const queue = queueAt(await freePort());
    const from = performance.now();
    await expect(queue.check()).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect((performance.now() - from) / 1000).toBeLessThan(SLOW_MS / 1000 + 5);
    await queue.close({ graceSeconds: 0 });
  });

  it.concurrent('ends when the queue is closed', async () => {
    const way = await slowWay(await freePort());
    const queue = queueAt(way.port);
    const checked = queue.check();
    checked.catch(() => {});
    await way.reached;
    const from = performance.now();
    await queue.close({ graceSeconds: 0 });
    await expect(checked).rejects.toMatchObject({ code: 'closed' });
    expect((performance.now() - from) / 1000).toBeLessThan(4);
    way.close();
  });
});
