import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../servers/process.js';
import { useCli } from './process.js';
import { writeImage } from './scripted.js';

const cli = useCli();

interface Diagnosis {
  ok: boolean;
  checks: { name: string; state: string; found: string; advice?: string }[];
}

/** Takes connections and never says a word. */
let deaf: Server;
let deafPort: number;
let closedPort: number;
beforeAll(async () => {
  deaf = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  deafPort = (deaf.address() as { port: number }).port;
  closedPort = await freePort();
});
afterAll(() => deaf.close());

describe('doctor', () => {
  it.each([
    ['the database', 'ASTRO_JOBS_STORE_URL', 'postgres', 'jobs store'],
    ['Redis', 'ASTRO_JOBS_QUEUE_URL', 'redis', 'queue'],
    ['the database of the queue', 'ASTRO_JOBS_QUEUE_URL', 'postgres', 'queue'],
  ])(
    'names %s that cannot be reached, soon, and which variable names it',
    async (_, variable, scheme, name) => {
      for (const [port, words] of [
        [closedPort, `connect ECONNREFUSED 127.0.0.1:${closedPort}`],
        [deafPort, 'answer within 1.2 s'],
      ] as const) {
        const env = { [variable]: `${scheme}://127.0.0.1:${port}/0` };
        const { ok, checks } = await cli.json<Diagnosis>(['doctor'], 1, { env });
        expect(ok).toBe(false);
        const check = checks.find((one) => one.name === name);
        expect(check).toMatchObject({ state: 'missing', found: expect.stringContaining(words) });
        expect(check?.advice).toContain(variable);
        expect(check?.advice).not.toContain('writable');
      }
    },
  );
});

describe('commands end by themselves', () => {
  const unknown = 'a'.repeat(32);

  it('where the queue cannot be reached: a job is stored all the same, and it is said that none was told', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    for (const port of [closedPort, deafPort]) {
      const env = { ASTRO_JOBS_QUEUE_URL: `redis://127.0.0.1:${port}/0` };
      const submitted = await cli.run(['submit', '--image', image, '--delay', '1h'], { env });
      expect(submitted).toMatchObject({ code: 0, signal: null });
      expect(submitted.stderr).toContain('The job is stored, but the queue could not be told');
      const { job_id } = JSON.parse(submitted.stdout) as { job_id: string };
      expect(await cli.json(['status', '--job-id', job_id], 0, { env })).toMatchObject({ state: 'queued' });
      expect(await cli.json(['list'], 0, { env })).toMatchObject({ ok: true });
      expect(await cli.json(['wait', '--job-id', unknown], 1, { env })).toMatchObject({ ok: false });
    }
  });

  it('where the database cannot be reached: nothing is acknowledged', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    for (const port of [closedPort, deafPort]) {
      const env = { ASTRO_JOBS_STORE_URL: `postgres://127.0.0.1:${port}/0` };
      for (const command of [
        ['submit', '--image', image],
        ['list'],
        ...['status', 'result', 'logs', 'wait'].map((name) => [name, '--job-id', unknown]),
        ['worker'],
      ])
        expect({ command, ...(await cli.json(command, 1, { env })) }).toMatchObject({
          ok: false,
          error_code: 'storage_failed',
        });
    }
  });
});
