import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';
import { KEY_ID, type StoredKey, storedKeySchema } from '../../keys/key.js';
import type { KeyStore } from '../../keys/key-store.js';
import { assertHoldsFolders, makeFolder } from './folders.js';
import { inJobsDirectory } from './in-jobs-directory.js';
import type { Layout } from './layout.js';
import { unlessMissing } from './missing.js';
import type { Modes } from './modes.js';
import { createDocument, replaceDocument } from './prepared-document.js';
import { readDocument } from './regular-files.js';

/**
 * Keys beside the jobs of a jobs directory, one small file each: a new one is made by link(2), which exactly one process can do, and what is
 * revoked is replaced by renaming. So nothing has to be locked, and processes that add keys at once lose none.
 */
export class FileKeyStore implements KeyStore {
  readonly #layout: Layout;
  readonly #modes: Modes;

  constructor(layout: Layout, modes: Modes) {
    this.#layout = layout;
    this.#modes = modes;
  }

  add(key: StoredKey): Promise<boolean> {
    return inJobsDirectory('keeping the key', () => this.#create(this.#path(key.id), JSON.stringify(key)));
  }

  find(id: string): Promise<StoredKey | undefined> {
    return inJobsDirectory('reading the key', async () => (KEY_ID.test(id) ? this.#read(id) : undefined));
  }

  list(): Promise<StoredKey[]> {
    return inJobsDirectory('listing the keys', async () => {
      const names = await unlessMissing(readdir(this.#layout.keys), []);
      // That there are no keys where there can be none would mislead.
      if (names.length === 0) await assertHoldsFolders(this.#layout.root);
      const ids = names.map((name) => name.replace(/\.json$/, '')).filter((id) => KEY_ID.test(id));
      const keys = await Promise.all(ids.map((id) => this.#read(id)));
      return keys.filter((key) => key !== undefined).sort((a, b) => a.created_at - b.created_at);
    });
  }

  revoke(id: string, at: number): Promise<StoredKey | undefined> {
    return inJobsDirectory('revoking the key', async () => {
      const key = KEY_ID.test(id) ? await this.#read(id) : undefined;
      if (!key || key.revoked_at !== undefined) return key;
      const revoked = { ...key, revoked_at: at };
      await this.#makeFolders();
      await replaceDocument(this.#path(id), JSON.stringify(revoked), this.#layout.scratch, this.#modes.file);
      return revoked;
    });
  }

  sessionSecret(): Promise<Uint8Array> {
    return inJobsDirectory('reading the secret of the sessions', async () => {
      const path = join(this.#layout.keys, 'session-secret');
      if ((await readDocument(path, 'status')) === undefined)
        await this.#create(path, randomBytes(32).toString('hex'));
      const text = (await readDocument(path, 'status'))?.toString('utf8').trim() ?? '';
      if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
      throw new AstroJobsError(
        'corrupt_document',
        `${path} holds no secret; remove it, and all sessions end`,
      );
    });
  }

  async #read(id: string): Promise<StoredKey | undefined> {
    const data = await readDocument(this.#path(id), 'status');
    if (!data) return undefined;
    try {
      const key = storedKeySchema.parse(JSON.parse(data.toString('utf8')));
      if (key.id === id) return key;
    } catch {
      // Told below.
    }
    throw new AstroJobsError('corrupt_document', `${this.#path(id)} holds no key; restore or remove it`);
  }

  async #create(path: string, text: string): Promise<boolean> {
    await this.#makeFolders();
    return createDocument(path, text, this.#layout.scratch, this.#modes.file);
  }

  async #makeFolders(): Promise<void> {
    const { scratch, keys } = this.#layout;
    for (const folder of [dirname(scratch), scratch, keys]) await makeFolder(folder, this.#modes.folder);
  }

  #path(id: string): string {
    return join(this.#layout.keys, `${id}.json`);
  }
}
