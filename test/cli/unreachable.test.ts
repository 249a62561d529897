import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../servers/process.js';
import { useCli } from './process.js';

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
