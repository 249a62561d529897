import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Installation, makeInstallation, unprivileged } from './index-files.js';
import { type CliOptions, useCli } from './process.js';

const cli = useCli();
let here: Installation;

beforeEach(async () => {
  here = await makeInstallation(cli.dir);
});

const install = (args: string[], code: number, options: CliOptions = {}) =>
  cli.json<{ ok: boolean; error: string; error_code: string }>(['indexes', 'install', ...args], code, {
    ...options,
    env: { ...here.env, ...options.env },
  });

describe('indexes install by the package manager', () => {
  /** A package manager that notes what it is asked for; `status` is that of `install`. */
  async function makeApt(status: number): Promise<{ env: NodeJS.ProcessEnv; calls(): Promise<string[]> }> {
    const bin = join(cli.dir, 'bin');
    await mkdir(bin, { recursive: true });
    const script = `#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> ${cli.dir}/calls\necho told by apt\ncase "$*" in *install*) exit ${status};; esac\nexit 100\n`;
    await writeFile(join(bin, 'apt-get'), script, { mode: 0o755 });
    return {
      env: { ...here.env, PATH: `${bin}:${process.env.PATH}` },
      calls: async () => (await readFile(join(cli.dir, 'calls'), 'utf8').catch(() => '')).split('\n'),
    };
  }
  const isRoot = process.getuid?.() === 0;

  it('has root install the package, asking nothing and waiting for other programs', async () => {
    const { env, calls } = await makeApt(0);
    const ended = await cli.run(['indexes', 'install', 'tycho2-12'], { env });
    if (isRoot) {
      expect(JSON.parse(ended.stdout)).toEqual({
        ok: true,
        series: 'tycho2-12',
        by: 'apt-get',
        package: 'astrometry-data-tycho2-10-19',
      });
      expect(ended.stderr).toContain('told by apt');
      const installing = (await calls()).filter((call) => call.includes('install'));
      expect(installing).toEqual([
        expect.stringMatching(
          /^noninteractive .*DPkg::Lock::Timeout=\d+ -y .* astrometry-data-tycho2-10-19$/,
        ),
      ]);
    } else expect(ended.code).toBe(1);
  });

  it('tells every other user what to type, and tries nothing', async () => {
    const { env, calls } = await makeApt(0);
    const user = await unprivileged(cli.dir);
    const refused = await install(['4107'], 1, { env, ...(user && { user }) });
    expect(refused).toMatchObject({ ok: false, error_code: 'install_failed' });
    expect(refused.error).toContain('sudo apt-get install astrometry-data-tycho2-07');
    expect(await calls()).toEqual(['']);
  });

  it('says so when the package manager fails, or is not there', async () => {
    const { env } = await makeApt(100);
    expect((await install(['tycho2'], 1, { env })).error).toMatch(isRoot ? /exit status 100/ : /sudo/);
    await rm(join(cli.dir, 'bin'), { recursive: true });
    const bare = { env: { PATH: join(cli.dir, 'bin') } };
    const absent = await install(['tycho2-07'], 1, bare);
    expect(absent.error).toContain('indexes install tycho2-07 --from http://data.astrometry.net/4100/');
    const narrow = await install(['5203'], 1);
    expect(narrow.error).toMatch(/indexes install index-5203 --from https:.*LITE\/$/);
  });
});

describe('wrong usage of indexes install', () => {
  it('ends with exit status 2, the usage on stderr and nothing on stdout', async () => {
    const wrong = [
      [],
      ['../etc'],
      ['tycho2-07', '--sha256', 'a'.repeat(64)],
      ['4107', '--from', cli.dir, '--sha256', 'abc'],
      ['4107', '--from', cli.dir, '--pieces', '3'],
      ['5206', '--from', cli.dir, '--pieces', '48'],
      ['5206', '--from', 'http://127.0.0.1:9/', '--sha256', 'a'.repeat(64)],
      ['mine'],
    ];
    for (const args of wrong) {
      const ended = await cli.run(['indexes', 'install', ...args], { env: here.env });
      expect(ended, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('Usage: astro-jobs indexes install');
    }
    expect(await readdir(here.folder)).toEqual([]);
  });
});
