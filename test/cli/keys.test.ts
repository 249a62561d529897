import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IssuedKey, KeyFacts } from '../../src/index.js';
import { until, useCli } from './process.js';

const cli = useCli();

const add = (...args: string[]) => cli.json<IssuedKey & { ok: true }>(['keys', 'add', ...args]);
const list = async () => (await cli.json<{ keys: KeyFacts[] }>(['keys', 'list'])).keys;

/** Every file below a folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function started(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const server = cli.start(['serve', '--port', '0', ...args], { env: { ASTRO_JOBS_TOKEN: '', ...env } });
  await until(() => server.stdout().includes('\n'));
  const { url } = JSON.parse(server.stdout()) as { url: string };
  const address = url.replace('0.0.0.0', '127.0.0.1');
  const ask = async (key: string | undefined) => {
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    return (await fetch(`${address}api/v1/jobs`, { headers })).status;
  };
  return { ask };
}

describe('keys', () => {
  it('are added, listed and revoked without a server, the secret told once', async () => {
    expect(await list()).toEqual([]);
    const issued = await add('--name', 'Sternwarte', '--expires', '30d', '--scopes', 'submit,read:all');
    expect(issued).toMatchObject({
      ok: true,
      name: 'Sternwarte',
      scopes: ['submit', 'read:all'],
      state: 'valid',
    });
    expect(issued.key).toMatch(/^ajk_[0-9a-f]{16}_[0-9a-f]{64}$/);
    expect(issued.expires_at! - issued.created_at).toBeCloseTo(30 * 86_400, 3);
    const { key, ...told } = issued;
    const { ok, ...facts } = told;
    expect(await list()).toEqual([facts]);
    expect((await add()).scopes).toEqual(['submit', 'read:own']);
    const revoked = await cli.json<KeyFacts>(['keys', 'revoke', key]);
    expect(revoked).toMatchObject({ ok: true, id: issued.id, state: 'revoked' });
    expect((await list()).map(({ state }) => state)).toEqual(['revoked', 'valid']);
    const secret = key.slice(issued.id.length + 1);
    const files = await filesBelow(cli.jobsDir);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(await readFile(file, 'utf8')).not.toContain(secret);
  });

  it.each([
    [['add', '--expires', '30'], 2, /unit/],
    [['add', '--expires', '0d'], 2, /positive/],
    [['add', '--scopes', 'submit,delete'], 2, /read:own/],
    [['add', '--name', ' '], 2, /name/],
    [['revoke', 'one'], 2, /ajk_/],
    [['revoke', 'ajk_0123456789abcdef'], 1, /no such key/],
  ] as const)('refuse %j with words that help', async (args, code, words) => {
    const ended = await cli.run(['keys', ...args]);
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).toMatch(words);
    expect(await list()).toEqual([]);
  });

  it('are all there when processes add them at once', async () => {
    const added = await Promise.all(Array.from({ length: 6 }, (_, n) => add('--name', `key ${n}`)));
    expect((await list()).map(({ id }) => id).toSorted()).toEqual(added.map(({ id }) => id).toSorted());
  });

  it('let callers of a running server in, and out again within two seconds', async () => {
    const first = await add('--scopes', 'admin');
    const { ask } = await started(['--host', '0.0.0.0']);
    expect([await ask(undefined), await ask(first.key)]).toEqual([401, 200]);
    const second = await add();
    expect(await ask(second.key)).toBe(200);
    await cli.json(['keys', 'revoke', second.id]);
    await expect.poll(() => ask(second.key), { timeout: 30_000, interval: 50 }).toBe(401);
    expect(await ask(first.key)).toBe(200);
  });

  it('are one of the ways to listen beyond this machine, and the refusal names them all', async () => {
    const refused = await cli.run(['serve', '--host', '0.0.0.0', '--port', '0'], {
      env: { ASTRO_JOBS_TOKEN: '' },
    });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    for (const way of ['astro-jobs keys add', 'ASTRO_JOBS_TOKEN', 'anonymous'])
      expect(refused.stderr).toContain(way);
    const { ask } = await started(['--host', '0.0.0.0'], { ASTRO_JOBS_TOKEN: 'sesame' });
    expect([await ask(undefined), await ask('sesame')]).toEqual([401, 200]);
  });

  it('are counted by doctor', async () => {
    const told = async () => {
      const { checks } = JSON.parse(
        (await cli.run(['doctor'], { env: { ASTRO_JOBS_TOKEN: '' } })).stdout,
      ) as {
        checks: { name: string; found: string; advice?: string }[];
      };
      return checks.find(({ name }) => name === 'keys');
    };
    expect((await told())?.found).toContain('none');
    const { id } = await add('--expires', '1s');
    await add();
    await cli.json(['keys', 'revoke', id]);
    await add('--expires', '1s');
    await until(async () => (await list()).some(({ state }) => state === 'expired'));
    expect((await told())?.found).toBe('1 valid, 1 expired, 1 revoked');
  });
});
