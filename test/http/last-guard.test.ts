import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHandler, nodeListener } from '../../src/http/index.js';
import { answerOf, testServer } from './support.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('a fault that nothing catches', () => {
  it('is logged; what has no answer gets 500, and the process ends with an error', async () => {
    const child = spawn(
      process.execPath,
      ['--import', path('../../scripts/typescript.mjs'), path('./faulty-server.ts')],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += chunk;
    });
    const exited = once(child, 'exit');
    const [url] = await Promise.race([
      once(createInterface(child.stdout), 'line'),
      exited.then(() => Promise.reject(new Error(log))),
    ]);
    const hanging = fetch(`${url}api/v1/stats`);
    expect((await fetch(`${url}api/v1/jobs`)).status).toBe(200);
    const answer = await hanging;
    expect(answer.status).toBe(500);
    expect(await answerOf(answer)).toMatchObject({ ok: false, error_code: 'internal' });
    expect((await exited)[0]).toBe(1);
    expect(log).toContain('Left to nothing');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('in a mounted handler is the business of its host', async () => {
    const before = process.listenerCount('unhandledRejection');
    const { jobs } = await testServer();
    nodeListener(createHandler(jobs));
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });
});
