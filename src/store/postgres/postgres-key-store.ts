import { randomBytes } from 'node:crypto';
import { AstroJobsError } from '../../job/errors.js';
import { type StoredKey, storedKeySchema } from '../../keys/key.js';
import type { KeyStore } from '../../keys/key-store.js';
import type { Database } from './database.js';
import { toJsonb, toText } from './documents.js';

interface KeyRow {
  id: string;
  document: unknown;
}

/** Keys in a table beside the jobs. */
export class PostgresKeyStore implements KeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(key: StoredKey): Promise<boolean> {
    await this.#database.query(
      'Could not keep the key',
      `insert into ${this.#database.tables.apiKey} (id, document) values ($1, $2::jsonb) on conflict do nothing`,
      [key.id, toJsonb(key)],
    );
    // Sent twice after a lost connection, the second time it finds its own key.
    return (await this.find(key.id))?.secret_sha256 === key.secret_sha256;
  }

  async find(id: string): Promise<StoredKey | undefined> {
    const rows = await this.#database.query<KeyRow>(
      'Could not read the key',
      `select id, document from ${this.#database.tables.apiKey} where id = $1`,
      [toText(id)],
    );
    return rows.map(toKey)[0];
  }

  async list(): Promise<StoredKey[]> {
    const rows = await this.#database.query<KeyRow>(
      'Could not list the keys',
      `select id, document from ${this.#database.tables.apiKey} order by (document ->> 'created_at')::float8, id`,
    );
    return rows.map(toKey);
  }

  async revoke(id: string, at: number): Promise<StoredKey | undefined> {
    await this.#database.query(
      'Could not revoke the key',
      `update ${this.#database.tables.apiKey} set document = document || jsonb_build_object('revoked_at', $2::float8)
       where id = $1 and not document ? 'revoked_at'`,
      [toText(id), at],
    );
    return this.find(id);
  }

  async sessionSecret(): Promise<Uint8Array> {
    const { sessionSecret } = this.#database.tables;
    const doing = 'Could not read the secret of the sessions';
    const read = `select secret from ${sessionSecret}`;
    const [known] = await this.#database.query<{ secret: Buffer }>(doing, read);
    if (known) return known.secret;
    await this.#database.query(
      doing,
      `insert into ${sessionSecret} (secret) values ($1) on conflict do nothing`,
      [randomBytes(32)],
    );
    const [made] = await this.#database.query<{ secret: Buffer }>(doing, read);
    if (made) return made.secret;
    throw new AstroJobsError('storage_failed', `${doing}: it is not there after it was written`);
  }
}

/** @throws AstroJobsError `corrupt_document` */
function toKey({ id, document }: KeyRow): StoredKey {
  const parsed = storedKeySchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new AstroJobsError('corrupt_document', `The row of the key ${id} cannot be read`);
}
