import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  type FileServer,
  type Installation,
  indexFile,
  makeInstallation,
  serveFiles,
  sha256,
  unprivileged,
} from './index-files.js';
import { type CliOptions, MAIN, until, useCli } from './process.js';

const cli = useCli();
const WHOLE = indexFile({ id: 4107, lower_arcmin: 22, upper_arcmin: 30 });
const OTHER = indexFile({ id: 4108, lower_arcmin: 30, upper_arcmin: 42 });

let here: Installation;
let servers: FileServer[] = [];

interface Installed {
  ok: boolean;
  by: string;
  folder: string;
  searched: boolean;
  error?: string;
  error_code?: string;
  files: { path: string; bytes: number; sha256: string; compared_with?: string; state: string }[];
}

beforeEach(async () => {
  here = await makeInstallation(cli.dir);
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function serve(answers: Readonly<Record<string, Answer>>): Promise<FileServer> {
  const server = await serveFiles(answers);
  servers.push(server);
  return server;
}

const install = (args: string[], code = 0, options: CliOptions = {}) =>
  cli.json<Installed>(['indexes', 'install', ...args], code, {
    ...options,
    env: { ...here.env, ...options.env },
  });

/** All names, hidden ones too. */
const names = (folder = here.folder) => readdir(folder);

describe('indexes install from a URL', () => {
  it('brings the file into the first index folder that can be written to, and tells its digest', async () => {
    const { url } = await serve({ '/4100/index-4107.fits': WHOLE });
    const ended = await cli.run(['indexes', 'install', '4107', '--from', `${url}4100`], { env: here.env });
    expect(ended.code, ended.stderr).toBe(0);
    const path = join(here.folder, 'index-4107.fits');
    expect(JSON.parse(ended.stdout)).toEqual({
      ok: true,
      series: 'index-4107',
      by: 'copy',
      folder: here.folder,
      searched: true,
      files: [{ path, bytes: WHOLE.length, sha256: sha256(WHOLE), state: 'installed' }],
    });
    expect(ended.stderr).toContain(`${path}: installed`);
    expect(ended.stderr).toContain(sha256(WHOLE));
    expect(ended.stderr).toContain('compared with nothing');
    expect(await readFile(path)).toEqual(WHOLE);
    expect(await names()).toEqual(['index-4107.fits']);
    const { sets } = await cli.json<{ sets: { name: string }[] }>(['indexes', 'list'], 0, { env: here.env });
    expect(sets.map(({ name }) => name)).toContain('index-4107');
  });

  it('compares with SHA256SUMS beside it, and with --sha256 before that', async () => {
    const { url } = await serve({
      '/index-4107.fits': WHOLE,
      '/SHA256SUMS': Buffer.from(`${'0'.repeat(64)}  index-4108.fits\n${sha256(WHOLE)} *index-4107.fits\n`),
    });
    const beside = await install(['index-4107', '--from', url]);
    expect(beside.files[0]).toMatchObject({ compared_with: 'SHA256SUMS', state: 'installed' });
    const given = await install(['index-4107', '--from', url, '--sha256', sha256(WHOLE).toUpperCase()]);
    expect(given.files[0]).toMatchObject({ compared_with: '--sha256', state: 'present' });
  });

  it('leaves nothing of a file with another checksum, and what was there before stays', async () => {
    const { url } = await serve({
      '/index-4107.fits': WHOLE,
      '/index-4107.fits.sha256': Buffer.from(`${sha256(OTHER)}\n`),
    });
    const refused = await install(['4107', '--from', url], 1);
    expect(refused).toMatchObject({ ok: false, error_code: 'corrupt_index' });
    expect(refused.error).toContain(sha256(WHOLE));
    expect(refused.error).toContain(sha256(OTHER));
    expect(await names()).toEqual([]);

    const before = Buffer.concat([WHOLE, Buffer.alloc(2880)]);
    await writeFile(join(here.folder, 'index-4107.fits'), before);
    await install(['4107', '--from', url, '--sha256', '1'.repeat(64)], 1);
    expect(await readFile(join(here.folder, 'index-4107.fits'))).toEqual(before);
    expect(await names()).toEqual(['index-4107.fits']);
  });

  it('leaves nothing of a download that broke off', async () => {
    const { url } = await serve({ '/index-4107.fits': { cutAfter: 6000, of: WHOLE } });
    const broken = await install(['4107', '--from', url], 1);
    expect(broken).toMatchObject({ ok: false, error_code: 'install_failed' });
    expect(broken.error).toContain(`${url}index-4107.fits`);
    expect(await names()).toEqual([]);
  });

  it('leaves nothing when it is interrupted, and ends by the signal', async () => {
    const { url } = await serve({ '/index-4107.fits': { stallAfter: 6000, of: WHOLE } });
    const running = cli.start(['indexes', 'install', '4107', '--from', url], { env: here.env });
    await until(async () => (await names()).length > 0);
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 143, stdout: '' });
    expect(await names()).toEqual([]);
  });

  it('refuses what is no index file, a cut one, and one of another series', async () => {
    const cases: [string, Buffer, RegExp][] = [
      ['page', Buffer.from('<html>not found</html>'), /no index file/],
      ['cut', WHOLE.subarray(0, WHOLE.length - 5000), /index-4107\.fits: The file ends/],
      ['other', OTHER, /of series 4108, not of index-4107/],
    ];
    for (const [name, bytes, error] of cases) {
      const { url } = await serve({ '/index-4107.fits': bytes });
      const refused = await install(['4107', '--from', url], 1);
      expect(refused, name).toMatchObject({ ok: false, error_code: 'corrupt_index' });
      expect(refused.error, name).toMatch(error);
      expect(await names(), name).toEqual([]);
    }
  });

  it('says that there is no network, no such file, or a server that fails', async () => {
    const gone = await serve({});
    await gone.close();
    expect(await install(['4107', '--from', gone.url], 1)).toMatchObject({
      error_code: 'install_failed',
      error: expect.stringMatching(/ECONNREFUSED.*network/) as string,
    });
    const { url } = await serve({ '/index-4108.fits': { status: 503 } });
    expect((await install(['4107', '--from', url], 1)).error).toContain('no such file on the server');
    expect((await install(['4108', '--from', url], 1)).error).toContain('503');
    expect(await names()).toEqual([]);
  });

  it('fetches the pieces that are asked for, keeps those that came and goes on after them', async () => {
    const piece = (number: number) =>
      indexFile({ id: 5206, lower_arcmin: 16, upper_arcmin: 22, piece: number });
    const answers: Record<string, Answer> = { '/index-5206-03.fits': piece(3) };
    const server = await serve(answers);
    const args = ['5206', '--from', server.url, '--pieces', '3,11'];
    const partly = await install(args, 1);
    expect(partly.error).toContain('1 of 2 files are installed');
    expect(await names()).toEqual(['index-5206-03.fits']);
    answers['/index-5206-11.fits'] = piece(11);
    const { files } = await install(args);
    expect(files.map(({ state }) => state)).toEqual(['present', 'installed']);
    expect(server.asked.filter((path) => path === '/index-5206-03.fits')).toHaveLength(1);
  });

  it('writes nowhere but into its folder, whatever the URL says', async () => {
    const { url } = await serve({ '/a%2F..%2F..%2Fout.fits': WHOLE, '/.hidden.fits': WHOLE });
    for (const path of ['a%2F..%2F..%2Fout.fits', '.hidden.fits'])
      expect(
        (await cli.run(['indexes', 'install', 'mine', '--from', url + path], { env: here.env })).code,
      ).toBe(2);
    expect(await names()).toEqual([]);
  });
});

describe('indexes install from a folder', () => {
  it('copies files of the series under either name into a folder that it makes', async () => {
    const source = join(cli.dir, 'usb');
    await mkdir(source);
    await writeFile(join(source, 'index-tycho2-07.littleendian.fits'), WHOLE);
    await writeFile(join(source, 'index-4108.fits'), OTHER);
    await writeFile(
      join(source, 'sha256sums.txt'),
      `${sha256(WHOLE)}  ./index-tycho2-07.littleendian.fits\n`,
    );
    const to = join(cli.dir, 'new/folder');
    const done = await install(['tycho2-07', '--from', source, '--to', to]);
    expect(done).toMatchObject({ folder: to, searched: false });
    expect(done.files).toMatchObject([{ compared_with: 'sha256sums.txt', state: 'installed' }]);
    expect(await names(to)).toEqual(['index-tycho2-07.littleendian.fits']);
    expect(await readFile(done.files[0]!.path)).toEqual(WHOLE);
    const both = await install(['tycho2', '--from', source, '--to', to]);
    expect(both.files.map(({ state }) => state).sort()).toEqual(['installed', 'present']);
  });

  it('takes one file by its path, and files of one’s own by their name', async () => {
    const own = indexFile({ id: 77, lower_arcmin: 10, upper_arcmin: 20 });
    const source = join(cli.dir, 'mine.fits');
    await writeFile(source, own);
    expect((await install(['mine', '--from', source])).files[0]!.sha256).toBe(sha256(own));
    expect((await install(['yours', '--from', cli.dir], 1)).error_code).toBe('install_failed');
  });

  it('says that a folder may not be written to, and leaves nothing', async () => {
    const user = await unprivileged(cli.dir);
    await chmod(here.folder, 0o555);
    const source = join(cli.dir, 'index-4107.fits');
    await writeFile(source, WHOLE);
    const closed = { ...(user && { user }) };
    const named = await install(['4107', '--from', source, '--to', here.folder], 1, closed);
    expect(named).toMatchObject({ ok: false, error_code: 'storage_failed' });
    expect(named.error).toMatch(/EACCES.*--to/);
    const chosen = await install(['4107', '--from', source], 1, closed);
    expect(chosen.error_code).toBe('storage_failed');
    expect(chosen.error).toContain(here.folder);
    expect(await names()).toEqual([]);
  });

  it('says that there is no space, and leaves nothing', async () => {
    const source = join(cli.dir, 'index-4107.fits');
    await writeFile(source, WHOLE);
    // A limit of the process stands for the end of the disk.
    const limited = ['-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath, MAIN];
    const ended = spawnSync('/bin/sh', [...limited, 'indexes', 'install', '4107', '--from', source], {
      encoding: 'utf8',
      env: { ...process.env, ...here.env },
    });
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error_code: 'storage_full' });
    expect(ended.status).toBe(1);
    expect(await names()).toEqual([]);
  });
});
