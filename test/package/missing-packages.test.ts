import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const IMAGE = join(ROOT, 'examples/orion.jpg');
const OPTIONAL = ['pg', 'bullmq', 'ioredis', '@modelcontextprotocol'];

let folder: string;
let jobsDir: string;
/** The package as npm installs it, without its optional peers. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missing-packages-'));
  jobsDir = join(folder, 'jobs');
  const own = join(folder, 'node_modules/astro-jobs');
  await mkdir(own, { recursive: true });
  await cp(join(ROOT, 'package.json'), join(own, 'package.json'));
  await cp(join(ROOT, 'dist'), join(own, 'dist'), { recursive: true });
  await symlink(join(ROOT, 'data'), join(own, 'data'));
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (OPTIONAL.includes(name) || name.startsWith('.')) continue;
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const main = join(folder, 'node_modules/astro-jobs/dist/cli/main.js');
  const options = { cwd: folder, env: { ...process.env, JOBS_DIR: jobsDir, ...env } };
  return new Promise<{ code: number; answer: { error: string; error_code: string } }>((resolve) =>
    execFile(process.execPath, [main, ...args], options, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), answer: JSON.parse(stdout) }),
    ),
  );
}

/** What a program of the package's user meets that runs `body`, printed as JSON. */
function meets(body: string): Promise<{ code: string; message: string }> {
  const script = `
    try { ${body} } catch (error) {
      const { AstroJobsError } = await import('astro-jobs');
      if (!(error instanceof AstroJobsError)) throw error;
      console.log(JSON.stringify({ code: error.code, message: error.message }));
    }`;
  return new Promise((resolve, reject) =>
    execFile(process.execPath, ['--input-type=module', '-e', script], { cwd: folder }, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout)),
    ),
  );
}

describe('a package that is not installed', () => {
  it.each([
    ['pg', 'pg', `stores/postgres')).PostgresJobStore({ connectionString: 'postgres://127.0.0.1:1/x' })`],
    [
      'bullmq and ioredis',
      'bullmq ioredis',
      `queues/bullmq')).BullMQJobQueue({ url: 'redis://127.0.0.1:1' })`,
    ],
    ['bullmq and pg', 'bullmq pg', `queues/bullmq')).BullMQJobQueue({ url: 'postgres://127.0.0.1:1/x' })`],
  ])('is named to a program that imports the module for it: %s', async (named, typed, use) => {
    const { code, message } = await meets(`new (await import('astro-jobs/${use}`);
    expect(code).toBe('missing_package');
    expect(message).toContain(`needs ${named}, not installed beside astro-jobs: npm install ${typed}`);
  });

  it.each([
    ['pg', 'pg', { ASTRO_JOBS_STORE_URL: 'postgres://127.0.0.1:1/x' }],
    ['bullmq and ioredis', 'bullmq ioredis', { ASTRO_JOBS_QUEUE_URL: 'redis://127.0.0.1:1' }],
    ['bullmq and pg', 'bullmq pg', { ASTRO_JOBS_QUEUE_URL: 'postgres://127.0.0.1:1/x' }],
  ])('is named, %s, with what to type, before anything is stored', async (named, typed, env) => {
    for (const args of [['submit', '--image', IMAGE], ['list'], ['doctor'], ['worker']]) {
      const { code, answer } = await run(args, env);
      expect([code, answer.error_code], args[0]).toEqual([1, 'missing_package']);
      expect(answer.error).toContain(`needs ${named}, not installed beside astro-jobs: npm install ${typed}`);
    }
    expect(existsSync(jobsDir)).toBe(false);
  });

  it('is named to a host that starts the MCP server', async () => {
    const { code, answer } = await run(['mcp'], {});
    expect([code, answer.error_code]).toEqual([1, 'missing_package']);
    expect(answer.error).toContain(
      'needs @modelcontextprotocol/server, not installed beside astro-jobs: npm install',
    );
  });
});
