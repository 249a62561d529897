import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { smallPicture, testServer } from './support.js';

const run = promisify(execFile);

/** openapi-typescript works with TypeScript 5 only, so they live in a folder of their own. */
const PACKAGES = ['openapi-typescript@7', 'openapi-fetch@0.17', 'typescript@5', '@types/node@20'];

/** What a user of the generated types would write. It compiles strictly, or the document says too little. */
const PROGRAM = `
import { readFile } from 'node:fs/promises';
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

const [, , baseUrl = '', image = ''] = process.argv;
const client = createClient<paths>({ baseUrl });

const submitted = await client.POST('/jobs', {
  params: { query: { filename: 'night.png', scale_low: 0.2, scale_units: 'degwidth' } },
  headers: { 'content-type': 'application/octet-stream' },
  body: await readFile(image) as unknown as string,
  bodySerializer: (body) => body,
});
if (!submitted.data) throw new Error(submitted.error.error);
const id: string = submitted.data.job_id;

const waited = await client.GET('/jobs/{id}/result', { params: { path: { id }, query: { wait: 30 } } });
if (!waited.data) throw new Error(waited.error.error_code);
const result = waited.data;
const centre: number | undefined = result.ok ? result.astrometry.ra_center : undefined;

const status = await client.GET('/jobs/{id}', { params: { path: { id } } });
const state: 'queued' | 'processing' | 'done' | 'error' | undefined = status.data?.state;

const list = await client.GET('/jobs', { params: { query: { state: 'done', limit: 10 } } });
const ids: string[] = list.data?.jobs.map((job) => job.job_id) ?? [];

const geometry = await client.GET('/jobs/{id}/geometry', { params: { path: { id } } });
const stats = await client.GET('/stats');
const done: number | undefined = stats.data?.counts.done;

const absent = await client.GET('/jobs/{id}', { params: { path: { id: '0'.repeat(32) } } });
const code: string | undefined = absent.error?.error_code;

console.log(JSON.stringify({ id, centre, state, ids, width: geometry.data?.image.width, done, code }));
`;

it('a client that openapi-typescript makes of the document compiles strictly, submits, waits, reads and lists', async () => {
  const { api } = await testServer();
  const folder = await mkdtemp(join(tmpdir(), 'generated-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const here = { cwd: folder };
  const image = join(folder, 'night.png');
  await writeFile(image, await smallPicture());
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await writeFile(join(folder, 'client.ts'), PROGRAM);
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...PACKAGES], here);

  const bin = (name: string) => join(folder, 'node_modules/.bin', name);
  await run(bin('openapi-typescript'), [`${api}/openapi.json`, '-o', 'schema.d.ts'], here);
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];
  const target = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom', '--types', 'node'];
  await run(bin('tsc'), [...strict, ...target, 'client.ts'], here).catch((error: { stdout: string }) =>
    expect.fail(error.stdout),
  );
  const { stdout } = await run(process.execPath, ['client.js', api, image], here);
  const told = JSON.parse(stdout) as { id: string; centre: number };
  expect(told).toEqual({
    id: told.id,
    centre: told.centre,
    state: 'done',
    ids: [told.id],
    width: 120,
    done: 1,
    code: 'not_found',
  });
  expect(told.centre).toBeCloseTo(100.2, 0);
}, 180_000);
