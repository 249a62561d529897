import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const MODULE = new URL('../../scripts/setup/debian.mjs', import.meta.url).href;

it('the set-up waits for another program that installs, and says so', async () => {
  const bin = await mkdtemp(join(tmpdir(), 'astro-jobs-apt-'));
  onTestFinished(() => rm(bin, { recursive: true, force: true }));
  // Stands for all that would be run as root: writes down what it was asked to run, and runs nothing.
  const stub = `#!/bin/sh\necho "$@" >> '${join(bin, 'calls')}'\n`;
  for (const name of ['env', 'sudo', 'apt-get']) await writeFile(join(bin, name), stub, { mode: 0o755 });
  const program = `import(${JSON.stringify(MODULE)}).then((m) => m.installDebianPackages(['redis-server']))`;
  const { stderr } = spawnSync(process.execPath, ['-e', program], { env: { PATH: bin }, encoding: 'utf8' });
  expect(stderr).toContain('apt waits up to 10 minutes for other programs that install');
  const calls = (await readFile(join(bin, 'calls'), 'utf8')).split('\n');
  const installing = calls.filter((call) => / (update|install) ?/.test(call));
  expect(installing).toHaveLength(2);
  for (const call of installing) expect(call).toContain('-o DPkg::Lock::Timeout=600');
});
