import { z } from 'zod';
import type { Known } from '../job/known.js';

/** What a key may do, by name; `SCOPE_TABLE` says what each of them means. */
export const SCOPES = ['submit', 'read:own', 'read:all', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Help, documentation and the OpenAPI document derive from it. */
export const SCOPE_TABLE: Readonly<Record<Scope, string>> = {
  submit: 'submit images; cancel, retry and remove the jobs of this key',
  'read:own': 'list, watch and read the jobs of this key: for it there are no others',
  'read:all': 'list, watch and read all jobs, and their statistics',
  admin: 'everything, also with jobs of other keys',
};

export const KEY_ID = /^ajk_[0-9a-f]{16}$/;

/** A key as it is stored: nothing in it leads back to the secret. */
export const storedKeySchema = z.looseObject({
  id: z.string().regex(KEY_ID),
  name: z.string().optional(),
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** SHA-256 of the secret, hexadecimal. The secret has 256 random bits, so neither salt nor a slow hash would add to it. */
  secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Unix seconds, as all times here. */
  created_at: z.number(),
  expires_at: z.number().optional(),
  revoked_at: z.number().optional(),
});
export interface StoredKey extends Known<z.output<typeof storedKeySchema>> {}

/** What may be told of a key. */
export interface KeyFacts {
  /** Also the name of its holder: `rate_key` of the jobs that it submits. */
  id: string;
  /** What it was called when it was made. */
  name?: string;
  scopes: readonly Scope[];
  state: 'valid' | 'expired' | 'revoked';
  /** Unix seconds. */
  created_at: number;
  /** Unix seconds; absent for a key that stays valid. */
  expires_at?: number;
  /** Unix seconds. */
  revoked_at?: number;
}

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
