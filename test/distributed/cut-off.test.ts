import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { parseParams } from '../../src/job/params.js';
import { nowSeconds } from '../../src/job/status.js';
import { isProcessAlive } from '../../src/process/machine.js';
import { BullMQJobQueue } from '../../src/queue/bullmq/index.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { describeWith } from '../needs.js';
import { halfOpenProxy } from '../servers/half-open.js';
import { startPostgres } from '../servers/postgres.js';
import { hostFor } from './runner.js';

const LEASE_SECONDS = 2;
const SCRIPT = `#!/bin/sh
echo $$ >> "$(dirname "$0")/pids"
if [ "$(wc -l < "$(dirname "$0")/pids")" -gt 1 ]; then echo '{"ok": false, "error": "second run"}'; exit 2; fi
exec sleep 300
`;

describeWith(['postgres'], 'a worker behind a connection that is dead without saying so', () => {
  it('stops its solve when its lease is gone, and comes back by itself', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cut-off-'));
    const server = await startPostgres();
    const proxy = await halfOpenProxy(server);
    const url = server.url.replace(String(server.port), String(proxy.port));
    const extractorBin = join(folder, 'extractor');
    await writeFile(extractorBin, SCRIPT, { mode: 0o755 });
    const pids = async () =>
      (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
    const until = async (holds: () => Promise<boolean> | boolean) => {
      while (!(await holds())) await sleep(50);
    };

    const near = new PostgresJobStore({ connectionString: server.url });
    const far = new PostgresJobStore({ connectionString: url, queryTimeoutSeconds: 3, retrySeconds: 1 });
    const queue = new BullMQJobQueue({ url, sweepSeconds: 1 });
    queue.attach(hostFor(far, { extractorBin, leaseSeconds: LEASE_SECONDS }));
    try {
      const now = nowSeconds();
      const status = {
        job_id: newJobId(),
        state: 'queued' as const,
        message: null,
        params: parseParams({ solver: 'external' }),
        ...{ created_at: now, updated_at: now, filename: 'sky.pgm', attempts: 0, max_attempts: 3 },
      };
      async function* image(): AsyncGenerator<Uint8Array> {
        yield Buffer.concat([Buffer.from('P5 16 16 255\n'), Buffer.alloc(256, 9)]);
      }
      await near.create(status, image());
      await queue.enqueue(status);
      queue.work({ concurrency: 1 });
      await until(async () => (await pids()).length === 1);
      const [solver] = await pids();

      proxy.cut();
      // No other worker is there: only this one can end it.
      await until(() => !isProcessAlive(solver!));
      const meanwhile = await near.get(status.job_id);
      expect(meanwhile?.status).toMatchObject({ state: 'processing', attempts: 1 });
      expect(meanwhile!.leaseRemaining!).toBeLessThan(LEASE_SECONDS / 2);

      proxy.mend();
      await until(async () => (await near.get(status.job_id))?.status.state === 'error');
      const end = (await near.get(status.job_id))!.status;
      expect(end).toMatchObject({ attempts: 2, error: { message: 'second run' } });
      expect((await pids()).length).toBe(2);
    } finally {
      await queue.close({ graceSeconds: 0 });
      await far.close();
      await near.close();
      await proxy.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
