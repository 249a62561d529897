import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { serve } from '../../src/http/index.js';
import { AstroJobs, type IssuedKey } from '../../src/index.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { MAIN } from '../cli/process.js';
import { answerOf, scriptedSolver, smallPicture } from '../http/support.js';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';

// The command line as a process of the built package: `npm test` builds it first.
describeWith(['postgres'], 'keys in PostgreSQL', () => {
  let database: TestServer;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.stop());

  async function keysCommand<T>(...args: string[]): Promise<T> {
    const env = { ...process.env, ASTRO_JOBS_STORE_URL: database.url };
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'keys', ...args], { env });
    return JSON.parse(stdout) as T;
  }

  /** One of several servers on the same database. */
  async function startServer() {
    const store = new PostgresJobStore({ connectionString: database.url, maxConnections: 4 });
    const jobs = new AstroJobs({ store, solver: scriptedSolver(), concurrency: 1 });
    const server = await serve(jobs, { port: 0 });
    onTestFinished(async () => {
      await server.close({ graceSeconds: 0.5 });
      await jobs.close({ graceSeconds: 0.5 });
    });
    return (key: string, path: string, init: RequestInit = {}) =>
      fetch(`${server.url}api/v1${path}`, { ...init, headers: { authorization: `Bearer ${key}` } });
  }

  it('are known to every server and to the command line', async () => {
    const ann = await keysCommand<IssuedKey>('add', '--name', 'Ann');
    const bob = await keysCommand<IssuedKey>('add', '--name', 'Bob');
    const [here, there] = [await startServer(), await startServer()];
    const body = new Uint8Array(await smallPicture());
    const { job_id } = await answerOf(here(ann.key, '/jobs', { method: 'POST', body }));
    await answerOf(there(bob.key, '/jobs', { method: 'POST', body }));

    const listed = (await answerOf(there(ann.key, '/jobs'))).jobs.map((job) => job.job_id);
    expect(listed).toEqual([job_id]);
    expect((await there(ann.key, `/jobs/${job_id}`)).status).toBe(200);
    expect((await there(bob.key, `/jobs/${job_id}`)).status).toBe(404);

    const entered = await here('', '/session', { method: 'POST', body: JSON.stringify({ token: ann.key }) });
    const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';');
    const byCookie = async () => {
      const { url } = await there('', '');
      return (await fetch(`${url}/jobs`, { headers: { cookie } })).status;
    };
    expect(await byCookie()).toBe(200);

    await keysCommand('revoke', ann.id);
    await expect.poll(byCookie, { timeout: 20_000 }).toBe(401);
    expect((await here(ann.key, '/jobs')).status).toBe(401);
    expect((await there(bob.key, '/jobs')).status).toBe(200);
    const { keys } = await keysCommand<{ keys: { id: string; state: string }[] }>('list');
    expect(keys.map(({ id, state }) => [id, state])).toEqual([
      [ann.id, 'revoked'],
      [bob.id, 'valid'],
    ]);
  });
});
