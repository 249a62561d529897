import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, smallPicture } from './support.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
if (!existsSync(join(ROOT, 'dist/http/index.js')))
  throw new Error('These tests run the examples on the built package: `npm run build` first');

async function jobsDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'http-example-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** An example as people start it: what it prints first is where it listens. */
async function start(name: string) {
  const child = spawn(process.execPath, [join(ROOT, 'examples', name)], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', JOBS_DIR: await jobsDir() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(String(line).trim()));
    child.once('close', () => reject(new Error(`${name} ended before it listened`)));
  });
  return { url, stop: () => child.kill('SIGTERM'), ended };
}

const upload = async (api: string, headers: Record<string, string> = {}) =>
  fetch(`${api}/jobs`, {
    method: 'POST',
    body: new Uint8Array(await smallPicture()),
    headers: { 'content-type': 'application/octet-stream', ...headers },
  });

describe.each(['http-node.mjs', 'http-express.mjs', 'http-fastify.mjs', 'http-hono.mjs'])(
  'examples/%s',
  (name) => {
    it('takes an image, tells of it, serves the page, and stops', async () => {
      const { url, stop, ended } = await start(name);
      const headers: Record<string, string> = name.includes('express')
        ? { authorization: 'Bearer ann-secret' }
        : {};
      const api = `${url}api/v1`;
      const submitted = await upload(api, headers);
      expect(submitted.status).toBe(202);
      const { job_id } = await answerOf(submitted);
      const result = await answerOf(fetch(`${api}/jobs/${job_id}/result?wait=50`, { headers }));
      expect(result).toMatchObject({ ok: false, filename: 'image' });
      expect(
        Buffer.from(await (await fetch(`${api}/jobs/${job_id}/image`, { headers })).arrayBuffer()),
      ).toEqual(await smallPicture());
      expect(await (await fetch(url)).text()).toContain('<title>Astro Jobs</title>');
      if (name.includes('express')) expect((await upload(api)).status).toBe(401);
      stop();
      expect(await ended).toBe(0);
    });
  },
);

describe('examples/http-next-route.mjs', () => {
  it('exports a function for each method, which answers', async () => {
    process.env.JOBS_DIR = await jobsDir();
    const route = await import(join(ROOT, 'examples/http-next-route.mjs'));
    const body = new Uint8Array(await smallPicture());
    const posted = await route.POST(
      new Request('http://localhost/astro/api/v1/jobs', {
        method: 'POST',
        body,
        headers: { 'content-type': 'a/b' },
      }),
      { params: Promise.resolve({}) },
    );
    expect(posted.status).toBe(202);
    const { job_id } = await answerOf(posted);
    const deleted = await route.DELETE(
      new Request(`http://localhost/astro/api/v1/jobs/${job_id}`, { method: 'DELETE' }),
    );
    expect(deleted.status).toBe(204);
    expect((await route.GET(new Request(`http://localhost/astro/api/v1/jobs/${job_id}`))).status).toBe(404);
    expect((await route.GET(new Request('http://localhost/astro/'))).headers.get('content-type')).toMatch(
      /^text\/html/,
    );
  });
});

describe('examples/http-client.mjs', () => {
  it('sends the example photograph to a server, and prints what is in it', async () => {
    const { url } = await start('http-node.mjs');
    const { stdout } = await run(process.execPath, [join(ROOT, 'examples/http-client.mjs'), url], {
      cwd: ROOT,
    });
    const [ra, dec] = stdout.split(' ').map(Number);
    expect(ra).toBeCloseTo(84.15, 1);
    expect(dec).toBeCloseTo(-3, 1);
  });
});
