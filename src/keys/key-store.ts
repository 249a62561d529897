import type { StoredKey } from './key.js';

/**
 * Where the keys of callers are kept, beside the jobs that they are for: every process on the same jobs has the same keys. A key is never
 * removed, so what was revoked stays known, and a server that once had a key never lets callers without one in.
 *
 * Every method rejects with an `AstroJobsError`, as those of a `JobStore` do. `describeKeyStore` of `astro-jobs/testing` tells whether an
 * implementation keeps what is promised here.
 */
export interface KeyStore {
  /** Keeps a new key; durable when it resolves. `false`, and nothing changed, when another key has its id. */
  add(key: StoredKey): Promise<boolean>;

  /** The key as it is now. Undefined when there is none, whatever `id` looks like. */
  find(id: string): Promise<StoredKey | undefined>;

  /** All keys, oldest first. */
  list(): Promise<StoredKey[]>;

  /** Marks a key as revoked at this moment (Unix seconds), unless it is already; the key as it is then. Undefined when there is none. */
  revoke(id: string, at: number): Promise<StoredKey | undefined>;

  /** 32 random bytes, made at first use and the same for every process from then on: sessions are sealed with them. */
  sessionSecret(): Promise<Uint8Array>;
}
