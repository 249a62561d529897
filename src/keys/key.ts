import { z } from 'zod';
import type { KeyFacts, StoredKey } from './types/key.js';

export type { KeyFacts, StoredKey } from './types/key.js';

/** What a key may do, by name; `SCOPE_TABLE` says what each of them means. */
export const SCOPES = ['submit', 'read:own', 'read:all', 'admin'] as const;
/** The name of a scope. */
export type Scope = (typeof SCOPES)[number];

/** What each scope allows; help, documentation and the OpenAPI document derive from it. */
export const SCOPE_TABLE: Readonly<Record<Scope, string>> = {
  submit: 'submit images; cancel, retry and remove the jobs of this key',
  'read:own': 'list, watch and read the jobs of this key: for it there are no others',
  'read:all': 'list, watch and read all jobs, and their statistics',
  admin: 'everything, also with jobs of other keys',
};

export const KEY_ID = /^ajk_[0-9a-f]{16}$/;

/** Validates a stored key. */
export const storedKeySchema: z.ZodType<StoredKey> = z
  .looseObject({
    id: z
      .string()
      .regex(KEY_ID)
      .describe('Also the name of its holder: `rate_key` of the jobs that it submits'),
    name: z.string().optional().describe('What it was called when it was made'),
    scopes: z.array(z.enum(SCOPES)).min(1).describe('What it allows'),
    secret_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      // 256 random bits: neither salt nor a slow hash would add to them.
      .describe('SHA-256 of the secret, hexadecimal'),
    created_at: z.number().describe('When it was made, Unix seconds'),
    expires_at: z
      .number()
      .optional()
      .describe('When it stops being valid, Unix seconds; absent for a key that stays valid'),
    revoked_at: z.number().optional().describe('When it was revoked, Unix seconds'),
  })
  .describe('A key as it is stored: nothing in it leads back to the secret');

/** @param now Unix seconds */
export function factsOf(key: StoredKey, now: number): KeyFacts {
  const { id, name, scopes, created_at, expires_at, revoked_at } = key;
  const expired = expires_at !== undefined && expires_at <= now;
  return {
    id,
    ...(name !== undefined && { name }),
    scopes,
    state: revoked_at !== undefined ? 'revoked' : expired ? 'expired' : 'valid',
    created_at,
    ...(expires_at !== undefined && { expires_at }),
    ...(revoked_at !== undefined && { revoked_at }),
  };
}
