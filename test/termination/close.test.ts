import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.js';
import { halfOpenProxy } from '../servers/half-open.js';
import { freePort } from '../servers/process.js';
import { type Pairs, startPairs } from './pairs.js';

const HOST = fileURLToPath(new URL('host.mjs', import.meta.url));
const ACTS = ['nothing', 'list', 'submit', 'watch', 'worker', 'worker-early'] as const;
/** Against a hang; how fast it is tells `bench/termination`. */
const PATIENCE_MS = 30_000;

interface HostOptions {
  act: (typeof ACTS)[number];
  dir: string;
  store?: string;
  queue?: string;
  /** Closes after so long whatever is still under way. */
  closeAfterMs?: number;
}

/** What a host printed, and how it ended; `null` when it had to be killed. */
function runHost(options: HostOptions): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [HOST, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

describeWith(['postgres', 'redis'], 'a host that has closed its jobs ends by itself', () => {
  let all: Pairs;
  beforeAll(async () => {
    all = await startPairs();
  });
  afterAll(async () => {
    await all?.[Symbol.asyncDispose]();
  });

  const addresses = () => {
    const [postgres, redis] = [all.postgres.url, all.redis.url];
    return {
      folder: {},
      'folder and Redis': { queue: redis },
      PostgreSQL: { store: postgres },
      'PostgreSQL and its queue': { store: postgres, queue: postgres },
      'PostgreSQL and Redis': { store: postgres, queue: redis },
    };
  };
  const names = [
    'folder',
    'folder and Redis',
    'PostgreSQL',
    'PostgreSQL and its queue',
    'PostgreSQL and Redis',
  ] as const;

  for (const name of names) {
    it(`on ${name}, whatever it has done with them`, { timeout: 240_000 }, async () => {
      for (const act of ACTS) {
        const ended = await runHost({
          act,
          dir: `${all.dir}/host-${name.replaceAll(' ', '-')}`,
          ...addresses()[name],
        });
        expect({ act, ...ended }).toEqual({ act, code: 0, stdout: 'closed\n', stderr: '' });
      }
    });
  }

  it('with servers that are gone, or do not answer', { timeout: 240_000 }, async () => {
    const gone = await freePort();
    await using silent = await silentServers(all);
    const dir = `${all.dir}/unreachable`;
    for (const act of ['list', 'watch', 'worker', 'worker-early'] as const) {
      for (const [store, queue] of [
        [`postgres://postgres@127.0.0.1:${gone}/postgres`, undefined],
        [silent.postgres, undefined],
        [silent.postgres, silent.postgres],
        [undefined, `redis://127.0.0.1:${gone}`],
        [undefined, silent.redis],
      ]) {
        const where = { dir, ...(store && { store }), ...(queue && { queue }) };
        const { code, stdout } = await runHost({ act, ...where, closeAfterMs: 500 });
        expect({ act, ...where, code, stdout }).toEqual({ act, ...where, code: 0, stdout: 'closed\n' });
      }
    }
  });
});

/** Ways to the servers that take connections and never say a word. */
async function silentServers(all: Pairs): Promise<AsyncDisposable & { postgres: string; redis: string }> {
  const [postgres, redis] = await Promise.all([halfOpenProxy(all.postgres), halfOpenProxy(all.redis)]);
  postgres.cut();
  redis.cut();
  return {
    postgres: `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
    redis: `redis://127.0.0.1:${redis.port}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([postgres.close(), redis.close()]);
    },
  };
}
