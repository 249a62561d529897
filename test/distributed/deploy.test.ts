import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import { freePort } from '../servers/process.js';
import { until } from './fleet.js';

const EXTRACTOR = `#!/bin/sh
printf '{"ok": true, "filename": "upload", "capture": {"object": "scripted"}, "astrometry": {"ra_center": 1, "dec_center": 2,
"fov_deg": [3, 2], "pixscale_arcsec": 4, "orientation_deg": 5, "objects": []}}\\n'
`;

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** The programs as they are deployed: a package that has this one among its dependencies. */
async function deployTo(folder: string): Promise<void> {
  await cp(join(REPOSITORY, 'examples', 'deploy'), folder, { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await symlink(REPOSITORY, join(folder, 'node_modules', 'astro-jobs'));
}

function program(file: string, env: Record<string, string>): { child: ChildProcess; said(): string } {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  return { child, said: () => said };
}

/** What the health check of the containers ends with. */
async function healthCheck(file: string, port: number): Promise<unknown> {
  const [code] = await once(spawn(process.execPath, [file, String(port)]), 'exit');
  return code;
}

async function ask(port: number, path: string, body?: Uint8Array<ArrayBuffer>) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, body && { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

// As processes of the built package: `npm test` builds it first.
describeWith(['postgres'], 'the programs of examples/deploy, on one PostgreSQL', () => {
  it('take an image here, solve it there, and stop when they are told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deploy-'));
    const server = await startPostgres();
    const deployed = join(folder, 'deployed');
    await deployTo(deployed);
    const extractor = join(folder, 'extractor');
    await writeFile(extractor, EXTRACTOR, { mode: 0o755 });
    const [port, healthPort] = [await freePort(), await freePort()];
    // A PATH without solve-field leaves the work to the script.
    const env = { PATH: folder, DATABASE_URL: server.url, ASTRO_JOBS_QUEUE_URL: server.url };
    const web = program(join(deployed, 'web.mjs'), { ...env, PORT: String(port) });
    const worker = program(join(deployed, 'worker.mjs'), {
      ...env,
      ...{ HEALTH_PORT: String(healthPort), DRAIN_SECONDS: '5', ASTRO_EXTRACT_BIN: extractor },
    });
    const answers = (check: () => Promise<boolean>) =>
      until(async () => {
        for (const { child, said } of [web, worker]) if (child.exitCode !== null) throw new Error(said());
        return check().catch(() => false);
      });
    try {
      await answers(async () => (await ask(healthPort, '/readyz')).status === 200);
      await answers(async () => (await ask(port, '/nothing')).status === 404);
      const health = join(deployed, 'health.mjs');
      expect((await ask(port, '/readyz')).status).toBe(200);
      for (const probed of [port, healthPort]) expect(await healthCheck(health, probed)).toBe(0);
      expect(await healthCheck(health, await freePort())).toBe(1);
      expect(await ask(port, '/', new TextEncoder().encode('no image'))).toMatchObject({
        status: 400,
        body: { ok: false },
      });
      const image = new Uint8Array([
        ...new TextEncoder().encode('P5 16 16 255\n'),
        ...new Array(256).fill(9),
      ]);
      const submitted = await ask(port, '/', image);
      expect(submitted).toMatchObject({ status: 202, body: { job_id: expect.any(String) } });
      await answers(async () => (await ask(port, `/${submitted.body.job_id}`)).body.state === 'done');
      for (const { child, said } of [web, worker]) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        expect(await exited, said()).toEqual([0, null]);
      }
    } finally {
      for (const { child } of [web, worker]) child.kill('SIGKILL');
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
