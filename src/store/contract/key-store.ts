import assert from 'node:assert/strict';
import { issueKey, parseKey } from '../../keys/issue.js';
import type { KeyStore } from '../../keys/key-store.js';
import type { TestRunner } from './under-test.js';

/** Key stores to test, and how to let go of them. */
export interface KeyStoreUnderTest {
  /** The store of keys that is tested. */
  keys: KeyStore;
  /** Another one on the same keys, as another process has it; the same one where only one process can have them. */
  other: KeyStore;
  /** Lets go of what was opened for the test. */
  dispose(): Promise<void>;
}

type Checks = Readonly<Record<string, (stores: KeyStoreUnderTest) => Promise<void>>>;

const scopes = ['submit', 'read:own'] as const;
const idOf = (text: string) => parseKey(text)?.id ?? assert.fail('what was issued is no key');

const CHECKS: Checks = {
  'finds and lists what was added, oldest first': async ({ keys, other }) => {
    assert.deepEqual(await keys.list(), [], 'a new store has keys');
    const first = await issueKey(keys, { name: 'Sternwarte «Süd»', scopes, expiresSeconds: 60 });
    const second = await issueKey(other, { scopes: ['admin'] });
    const [found, missing] = [await other.find(idOf(first.key)), await keys.find('ajk_0000000000000000')];
    assert.equal(found?.name, 'Sternwarte «Süd»', 'the name is another');
    assert.deepEqual(found?.scopes, [...scopes], 'the scopes are others');
    assert.ok(Math.abs((found?.expires_at ?? 0) - found.created_at - 60) < 1e-3, 'the expiry is another');
    assert.equal(missing, undefined, 'a key is found that is not there');
    assert.equal(await keys.find('../session-secret'), undefined, 'a key is found under what is no id');
    const ids = (await keys.list()).map(({ id }) => id);
    assert.deepEqual(ids, [first.id, second.id], 'not all keys, oldest first');
  },

  'keeps the first of two keys with one id': async ({ keys, other }) => {
    const { id } = await issueKey(keys, { name: 'first', scopes });
    const taken = await keys.find(id);
    assert.ok(taken);
    const secret_sha256 = 'f'.repeat(64);
    assert.equal(await other.add({ ...taken, name: 'second', secret_sha256 }), false, 'the second is added');
    assert.equal((await keys.find(id))?.name, 'first', 'the second took the place of the first');
  },

  'loses none of the keys that are added at once': async ({ keys, other }) => {
    const added = await Promise.all(
      Array.from({ length: 40 }, (_, n) => issueKey(n % 2 === 0 ? keys : other, { scopes })),
    );
    const ids = (await keys.list()).map(({ id }) => id);
    assert.deepEqual(ids.sort(), added.map(({ id }) => id).sort(), 'not the keys that were added');
  },

  'revokes a key once, for all processes': async ({ keys, other }) => {
    const { id } = await issueKey(keys, { scopes });
    await issueKey(keys, { scopes });
    assert.equal((await other.revoke(id, 1000))?.revoked_at, 1000, 'the answer does not say when');
    assert.equal((await keys.revoke(id, 2000))?.revoked_at, 1000, 'a second time moves the first');
    assert.equal((await keys.find(id))?.revoked_at, 1000, 'another process does not know of it');
    const revoked = (await keys.list()).map(({ revoked_at }) => revoked_at !== undefined);
    assert.deepEqual(revoked, [true, false], 'not the one key is revoked');
    assert.equal(
      await keys.revoke('ajk_0000000000000000', 1000),
      undefined,
      'a key that is not there is revoked',
    );
  },

  'has one secret of 32 bytes for the sessions of all processes': async ({ keys, other }) => {
    const secrets = await Promise.all([keys, other, keys, other].map((store) => store.sessionSecret()));
    const texts = new Set(secrets.map((secret) => Buffer.from(secret).toString('hex')));
    assert.equal(texts.size, 1, 'processes have different secrets');
    assert.match([...texts].join(), /^[0-9a-f]{64}$/, 'the secret is not of 32 bytes');
  },
};

/**
 * What every `KeyStore` promises, as tests. For authors of stores: `make` returns new empty ones for each test.
 *
 * @example
 * describeKeyStore({ describe, it }, 'MyKeyStore', async () => ({ keys, other: keys, dispose: async () => {} }));
 */
export function describeKeyStore(
  { describe, it }: TestRunner,
  name: string,
  make: () => Promise<KeyStoreUnderTest>,
): void {
  describe(`${name} keeps the promises of a KeyStore`, () => {
    for (const [what, check] of Object.entries(CHECKS)) {
      it(what, async () => {
        const stores = await make();
        try {
          await check(stores);
        } finally {
          await stores.dispose();
        }
      });
    }
  });
}
