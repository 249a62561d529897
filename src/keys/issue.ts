import { randomBytes } from 'node:crypto';
import { AstroJobsError } from '../job/errors.js';
import { nowSeconds } from '../job/status.js';
import { factsOf, type KeyFacts, SCOPES, type Scope, type StoredKey } from './key.js';
import type { KeyStore } from './key-store.js';
import { isSecretOfDigest, sha256 } from './same-secret.js';

/** A key to be made. */
export interface NewKey {
  /** For people: whose it is, or what for. At most 200 characters. */
  name?: string;
  /** What it allows. */
  scopes: readonly Scope[];
  /** @default it stays valid until it is revoked */
  expiresSeconds?: number;
}

export interface IssuedKey extends KeyFacts {
  /** What the caller shows. It is told this once. */
  key: string;
}

/**
 * Makes a key and keeps it in `keys`.
 * @throws AstroJobsError `invalid_params`; those of the store
 * @example
 * const { key } = await issueKey(jobs.store.keys, { name: 'observatory', scopes: ['submit', 'read:own'] });
 */
export async function issueKey(keys: KeyStore, wanted: NewKey): Promise<IssuedKey> {
  const { name, scopes, expiresSeconds } = wanted;
  const known: readonly string[] = SCOPES;
  if (scopes.length === 0 || !scopes.every((scope) => known.includes(scope)))
    throw new AstroJobsError('invalid_params', `Expected one or more of the scopes ${SCOPES.join(', ')}`);
  if (name !== undefined && (name.trim() === '' || name.length > 200))
    throw new AstroJobsError('invalid_params', 'Expected `name` to be a text of 1 to 200 characters');
  if (expiresSeconds !== undefined && !(expiresSeconds > 0 && Number.isFinite(expiresSeconds)))
    throw new AstroJobsError('invalid_params', 'Expected `expiresSeconds` to be a positive number');
  const secret = randomBytes(32).toString('hex');
  const now = nowSeconds();
  for (;;) {
    const stored: StoredKey = {
      id: `ajk_${randomBytes(8).toString('hex')}`,
      ...(name !== undefined && { name }),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)),
      secret_sha256: sha256(secret).toString('hex'),
      created_at: now,
      ...(expiresSeconds !== undefined && { expires_at: now + expiresSeconds }),
    };
    if (await keys.add(stored)) return { key: `${stored.id}_${secret}`, ...factsOf(stored, now) };
  }
}

/** The parts of what a caller shows; undefined when it is no key. */
export function parseKey(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = /^(ajk_[0-9a-f]{16})_([0-9a-f]{64})$/.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

/** Whether this is the key's secret. */
export function isSecretOf(key: StoredKey, secret: string): boolean {
  return isSecretOfDigest(secret, Buffer.from(key.secret_sha256, 'hex'));
}
