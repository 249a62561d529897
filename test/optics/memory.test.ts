import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../src/job/logger.js';
import { FileOpticsMemory } from '../../src/optics/file-memory.js';
import { MAX_REMEMBERED, type OpticsMemory, type RememberedField } from '../../src/optics/memory.js';
import { ProcessOpticsMemory } from '../../src/optics/process-memory.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';

const keyOf = (text: string) => createHash('sha256').update(text).digest('hex');
const field = (scale: number): RememberedField => ({ optics: 'camera', arcsec_per_pixel: scale });
const WRITER = fileURLToPath(new URL('./writer.mjs', import.meta.url));

let dir: string;
let warnings: string[];
const nothing = () => {};
const logger: Logger = {
  debug: nothing,
  info: nothing,
  error: nothing,
  warn: (_, message) => warnings.push(message),
};
const onFiles = (access: 'private' | 'group' = 'private') => new FileOpticsMemory({ dir, access, logger });
const folder = () => join(dir, '.astro-jobs', 'optics');

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'optics-'));
  warnings = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe.each<[string, () => OpticsMemory]>([
  ['in the process', () => new ProcessOpticsMemory()],
  ['beside the jobs', () => onFiles()],
])('a memory %s', (_, open) => {
  it('gives what was put last, and nothing for another key', async () => {
    const memory = open();
    expect(await memory.get(keyOf('a'))).toBeUndefined();
    const position = { ra_deg: 84, dec_deg: -3, radius_deg: 2, taken_at: '2024-02-03T21:12:40' };
    await memory.put(keyOf('a'), { ...field(1), position });
    expect(await memory.get(keyOf('a'))).toEqual({ ...field(1), position });
    await memory.put(keyOf('a'), field(2));
    expect(await memory.get(keyOf('a'))).toEqual(field(2));
    expect(await memory.get(keyOf('b'))).toBeUndefined();
  });

  it('forgets everything and says how much that was', async () => {
    const memory = open();
    expect(await memory.forget()).toBe(0);
    for (const name of ['a', 'b', 'c']) await memory.put(keyOf(name), field(1));
    expect(await memory.forget()).toBe(3);
    expect(await memory.get(keyOf('a'))).toBeUndefined();
    await memory.put(keyOf('a'), field(4));
    expect(await memory.get(keyOf('a'))).toEqual(field(4));
  });

  it('tells its keys, and forgets one of them', async () => {
    const memory = open();
    expect(await memory.keys()).toEqual([]);
    for (const name of ['a', 'b']) await memory.put(keyOf(name), field(1));
    expect((await memory.keys()).sort()).toEqual([keyOf('a'), keyOf('b')].sort());
    expect(await memory.forget(keyOf('a'))).toBe(1);
    expect(await memory.forget(keyOf('a'))).toBe(0);
    expect(await memory.keys()).toEqual([keyOf('b')]);
  });

  it(`keeps ${MAX_REMEMBERED} entries`, async () => {
    const memory = open();
    for (let i = 0; i < MAX_REMEMBERED + 20; i++) await memory.put(keyOf(`${i}`), field(1 + i));
    expect(await memory.forget()).toBe(MAX_REMEMBERED);
  });
});

describe('a memory beside the jobs', () => {
  it('drops what was written longest ago', async () => {
    const memory = onFiles();
    for (let i = 0; i < MAX_REMEMBERED; i++) await memory.put(keyOf(`${i}`), field(1));
    await utimes(join(folder(), `${keyOf('77')}.json`), 1, 1);
    await memory.put(keyOf('new'), field(2));
    expect(await memory.get(keyOf('77'))).toBeUndefined();
    expect(await memory.get(keyOf('new'))).toEqual(field(2));
    expect(await readdir(folder())).toHaveLength(MAX_REMEMBERED);
  });

  it('is shared by processes that write at once: nothing is lost, and every entry is whole', async () => {
    const COUNT = 40;
    const run = promisify(execFile);
    const reading = new AbortController();
    const memory = onFiles();
    const reader = (async () => {
      for (; !reading.signal.aborted; await sleep(1)) await memory.get(keyOf('shared'));
    })();
    const processes = ['one', 'two', 'three'];
    await Promise.all(processes.map((name) => run(process.execPath, [WRITER, dir, name, `${COUNT}`])));
    reading.abort();
    await reader;
    for (const name of processes) {
      for (let i = 1; i <= COUNT; i++)
        expect(await memory.get(keyOf(`${name} ${i}`))).toEqual({
          optics: `${name} ${i}`,
          arcsec_per_pixel: i,
        });
    }
    expect(await memory.get(keyOf('shared'))).toMatchObject({ arcsec_per_pixel: expect.any(Number) });
    expect(warnings).toEqual([]);
    expect(await readdir(folder())).toHaveLength(processes.length * COUNT + 1);
    expect(await readdir(join(dir, '.astro-jobs', 'scratch'))).toEqual([]);
  });

  it.each([
    ['cut off', '{"optics": "cam'],
    ['empty', ''],
    ['of another shape', '{"optics": "camera", "arcsec_per_pixel": -1}'],
  ])('takes a file that is %s for none, warns, and replaces it', async (_, text) => {
    const memory = onFiles();
    await memory.put(keyOf('a'), field(1));
    await writeFile(join(folder(), `${keyOf('a')}.json`), text);
    expect(await memory.get(keyOf('a'))).toBeUndefined();
    expect(warnings).toHaveLength(1);
    await memory.put(keyOf('a'), field(2));
    expect(await memory.get(keyOf('a'))).toEqual(field(2));
    expect(warnings).toHaveLength(1);
  });

  it('writes through no symbolic link', async () => {
    const memory = onFiles();
    await memory.put(keyOf('a'), field(1));
    const treasure = join(dir, 'treasure');
    await writeFile(treasure, 'gold');
    const path = join(folder(), `${keyOf('b')}.json`);
    await symlink(treasure, path);
    expect(await memory.get(keyOf('b'))).toBeUndefined();
    await memory.put(keyOf('b'), field(2));
    expect((await stat(treasure)).size).toBe(4);
    await rm(folder(), { recursive: true });
    await mkdir(join(dir, 'elsewhere'));
    await symlink(join(dir, 'elsewhere'), folder());
    await expect(memory.put(keyOf('c'), field(3))).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await readdir(join(dir, 'elsewhere'))).toEqual([]);
  });

  it.each([
    ['private', 0o600, 0o700],
    ['group', 0o660, 0o770],
  ] as const)('has the modes of a %s jobs directory, whatever the umask', async (access, file, made) => {
    const before = process.umask(0o077);
    try {
      await onFiles(access).put(keyOf('a'), field(1));
    } finally {
      process.umask(before);
    }
    expect((await stat(folder())).mode & 0o777).toBe(made);
    expect((await stat(join(folder(), `${keyOf('a')}.json`))).mode & 0o777).toBe(file);
  });

  it('is no job to the store', async () => {
    await onFiles().put(keyOf('a'), field(1));
    const store = new FileSystemJobStore({ dir });
    await store.sweep(0);
    expect(await store.list()).toMatchObject({ jobs: [], damaged: [] });
    expect(await store.counts()).toEqual({ queued: 0, processing: 0, done: 0, error: 0 });
    expect(await onFiles().get(keyOf('a'))).toEqual(field(1));
    await store.close();
  });
});
