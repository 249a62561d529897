import { randomBytes } from 'node:crypto';
import type { StoredKey } from './key.js';
import type { KeyStore } from './key-store.js';

/** Keys in the memory of this process. */
export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, StoredKey>();
  readonly #sessionSecret = randomBytes(32);

  async add(key: StoredKey): Promise<boolean> {
    if (this.#keys.has(key.id)) return false;
    this.#keys.set(key.id, structuredClone(key));
    return true;
  }

  async find(id: string): Promise<StoredKey | undefined> {
    return structuredClone(this.#keys.get(id));
  }

  async list(): Promise<StoredKey[]> {
    return [...this.#keys.values()].map((key) => structuredClone(key));
  }

  async revoke(id: string, at: number): Promise<StoredKey | undefined> {
    const key = this.#keys.get(id);
    if (key) key.revoked_at ??= at;
    return structuredClone(key);
  }

  async sessionSecret(): Promise<Uint8Array> {
    return this.#sessionSecret;
  }
}
