import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileSystemJobStore, issueKey, MemoryKeyStore } from '../../src/index.js';
import { describeKeyStore } from '../../src/store/contract/key-store.js';

const folder = () => mkdtemp(join(tmpdir(), 'astro-jobs-keys-'));

describeKeyStore({ describe, it }, 'MemoryKeyStore', async () => {
  const keys = new MemoryKeyStore();
  return { keys, other: keys, dispose: async () => {} };
});

describeKeyStore({ describe, it }, 'FileKeyStore', async () => {
  const dir = await folder();
  const open = () => new FileSystemJobStore({ dir, access: 'private' }).keys;
  return { keys: open(), other: open(), dispose: () => rm(dir, { recursive: true, force: true }) };
});

describe('keys beside the jobs of a jobs directory', () => {
  const useDirectory = async () => {
    const dir = await folder();
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    return { dir, keys: new FileSystemJobStore({ dir }).keys, own: join(dir, '.astro-jobs', 'keys') };
  };

  it('are for their owner only, and hold nothing of the secret', async () => {
    const { keys, own } = await useDirectory();
    const { id, key } = await issueKey(keys, { name: 'one', scopes: ['admin'] });
    await keys.revoke(id, 1);
    await keys.sessionSecret();
    const secret = key.slice(id.length + 1);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(own)).mode & 0o777).toBe(0o700);
    const names = await readdir(own);
    expect(names.toSorted()).toEqual([`${id}.json`, 'session-secret']);
    for (const name of names) {
      const path = join(own, name);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).not.toContain(secret.slice(0, 16));
    }
  });

  it('that cannot be read let no caller in, and are named', async () => {
    const { keys, own } = await useDirectory();
    const { id } = await issueKey(keys, { scopes: ['admin'] });
    await writeFile(join(own, `${id}.json`), '{"id": "');
    for (const read of [() => keys.find(id), () => keys.list(), () => keys.revoke(id, 1)])
      await expect(read()).rejects.toMatchObject({
        code: 'corrupt_document',
        message: expect.stringContaining(id),
      });
    await keys.sessionSecret();
    await writeFile(join(own, 'session-secret'), 'short');
    await expect(keys.sessionSecret()).rejects.toMatchObject({ code: 'corrupt_document' });
  });
});
