import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Run {
  code: number;
  output: string;
}

/** Runs a test file as `npm test` would, on a machine whose PATH holds nothing. */
async function runTests(body: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'left-out-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'test'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(folder, 'test/some.test.ts'),
    `import { expect, it } from 'vitest';
     import { describeWith, itWith } from ${JSON.stringify(join(ROOT, 'test/needs.ts'))};
     it('runs anywhere', () => expect(1).toBe(1));
     ${body}`,
  );
  const { CI: _, ...own } = process.env;
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', join(ROOT, 'vitest.config.ts'), '--root', folder, '--retry', '0'];
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      args,
      { cwd: ROOT, env: { ...own, ...env, PATH: folder } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), output: out + err }),
    ),
  );
}

const NEEDY = `describeWith(['redis'], 'a queue', () => it('keeps jobs', () => expect(1).toBe(1)));`;

it('what a machine lacks is said once, at the end, with how to have it', async () => {
  const { code, output } = await runTests(`${NEEDY} itWith(['chromium'], 'shows the page', () => {});`);
  expect(code).toBe(0);
  const end = output.slice(output.indexOf('LEFT OUT'));
  expect(end).toMatch(/^LEFT OUT: 2 tests\n/);
  expect(end).toContain(
    'for want of Redis or Valkey (apt-get install redis-server):\n  test/some.test.ts: a queue > keeps jobs',
  );
  expect(end).toContain('apt-get install chromium');
});

it('continuous integration fails on it, and names what is missing', async () => {
  const { code, output } = await runTests(NEEDY, { CI: 'true' });
  expect(code).toBe(1);
  expect(output).toContain('Missing: Redis or Valkey (apt-get install redis-server)');
});

it('a test that is skipped without a reason fails the run anywhere', async () => {
  const { code, output } = await runTests(`it.skip('is for later', () => {});`);
  expect(code).toBe(1);
  expect(output).toMatch(/LEFT OUT: 1 test\n[\s\S]*is for later/);
});
