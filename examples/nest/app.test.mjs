// `npm test`: the application as it is started, with a photograph.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

describe('the application', () => {
  let dir;
  let app;
  let url;
  before(async () => {
    execFileSync(process.execPath, [here('node_modules/typescript/bin/tsc'), '-p', here('.')], {
      stdio: 'inherit',
    });
    dir = await mkdtemp(join(tmpdir(), 'nest-jobs-'));
    app = spawn(process.execPath, [here('out/main.js')], {
      env: { ...process.env, PORT: '0', JOBS_DIR: dir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    [url] = await once(createInterface({ input: app.stdout }), 'line');
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('takes an upload, tells what becomes of it, and gives the result', async () => {
    const body = await readFile(here('../orion.jpg'));
    const sent = await fetch(`${url}/photos?name=orion.jpg`, { method: 'POST', body });
    assert.equal(sent.status, 202);
    const { job_id } = await sent.json();

    const events = await (await fetch(`${url}/photos/${job_id}/events`)).text();
    const states = [...events.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data).state);
    assert.equal(states.at(-1), 'done');

    const result = await (await fetch(`${url}/photos/${job_id}/result`)).json();
    assert.ok(result.ok, result.error);
    assert.ok(Math.abs(result.astrometry.ra_center - 84.15) < 0.1);
  });

  it('refuses what is no image with the status and the code of the library', async () => {
    const sent = await fetch(`${url}/photos`, { method: 'POST', body: 'no image' });
    assert.equal(sent.status, 415);
    assert.equal((await sent.json()).code, 'unsupported_image');
  });

  it('ends when it is told to', async () => {
    app.kill('SIGTERM');
    // When its hooks have run Nest sends itself the signal again, which ends it unless another listener is left.
    const [code, signal] = await once(app, 'exit');
    assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal}`);
  });
});
