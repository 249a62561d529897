import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineCache } from '../../src/solver/builtin/engine-cache.js';
import { SharedSky } from '../../src/solver/builtin/shared-sky.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the cache of the engine', () => {
  it('keeps a file of several pieces for this user alone, and gives it back', async () => {
    const own = join(folder, 'deep/own');
    const cache = new EngineCache([own]);
    expect(cache.has('a')).toBe(false);
    cache.write('a', [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...(cache.read('a') ?? [])]).toEqual([1, 2, 3]);
    expect((await stat(own)).mode & 0o777).toBe(0o700);
    expect((await stat(join(own, 'a'))).mode & 0o777).toBe(0o600);
    expect(await readdir(own)).toEqual(['a']);
  });

  it('takes the next folder where the first cannot be made, and does without where none can', async () => {
    await writeFile(join(folder, 'file'), '');
    const next = join(folder, 'next');
    new EngineCache([join(folder, 'file/under'), next]).write('a', [Uint8Array.of(1)]);
    expect(await readdir(next)).toEqual(['a']);
    const none = new EngineCache([join(folder, 'file/under')]);
    none.write('a', [Uint8Array.of(1)]);
    expect(none.read('a')).toBeUndefined();
    expect(none.has('a')).toBe(false);
  });

  it('reads nothing from a folder that others can write to', async () => {
    const open = join(folder, 'open');
    await mkdir(open);
    await chmod(open, 0o777);
    await writeFile(join(open, 'a'), 'x');
    expect(new EngineCache([open]).read('a')).toBeUndefined();
  });
});

describe('stars and quads', () => {
  const never = new AbortController().signal;
  // The widest levels, which are made in a few milliseconds.
  const SIZES = [45, 32];

  it('are made once and read from then on, also where the cache was damaged', async () => {
    const first = new SharedSky([folder]);
    const { count } = await first.catalog(never);
    expect(first.isMade(45)).toBe(false);
    first.want(SIZES);
    await first.ready(SIZES, never);
    const names = await readdir(folder);
    expect(names).toHaveLength(3);

    const second = new SharedSky([folder]);
    await second.catalog(never);
    expect([second.isMade(45), second.isMade(22.6)]).toEqual([true, false]);

    for (const name of names) {
      const bytes = await readFile(join(folder, name));
      await writeFile(
        join(folder, name),
        name.startsWith('stars') ? bytes.subarray(0, 1000) : bytes.fill(255, 32),
      );
    }
    const third = new SharedSky([folder]);
    expect((await third.catalog(never)).count).toBe(count);
    third.want(SIZES);
    await third.ready(SIZES, never);
    for (const size of SIZES) expect(third.levels.get(size)).toEqual(first.levels.get(size));
  });

  it('are shared memory, asked for once by all who need them, and their making can be left', async () => {
    const sky = new SharedSky([folder]);
    const [one, other] = await Promise.all([sky.catalog(never), sky.catalog(never)]);
    expect(one).toBe(other);
    expect(one.vectors.buffer).toBeInstanceOf(SharedArrayBuffer);
    const leaving = new AbortController();
    sky.want([2]);
    const waiting = sky.ready([2], leaving.signal);
    leaving.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    // The thread goes on for others; it writes to the folder that is removed next.
    await sky.ready([2], never);
  });
});
