// Written by `npm run derive` from the schemas.

/** A key as it is stored: nothing in it leads back to the secret. */
export interface StoredKey {
  /** Also the name of its holder: `rate_key` of the jobs that it submits. */
  id: string;
  /** What it was called when it was made. */
  name?: string;
  /** What it allows. */
  scopes: Array<'submit' | 'read:own' | 'read:all' | 'admin'>;
  /** SHA-256 of the secret, hexadecimal. */
  secret_sha256: string;
  /** When it was made, Unix seconds. */
  created_at: number;
  /** When it stops being valid, Unix seconds; absent for a key that stays valid. */
  expires_at?: number;
  /** When it was revoked, Unix seconds. */
  revoked_at?: number;
}

/** What may be told of a key. */
export interface KeyFacts {
  /** Also the name of its holder: `rate_key` of the jobs that it submits. */
  id: string;
  /** What it was called when it was made. */
  name?: string;
  /** What it allows. */
  scopes: ReadonlyArray<'submit' | 'read:own' | 'read:all' | 'admin'>;
  /** Whether it is still accepted. */
  state: 'valid' | 'expired' | 'revoked';
  /** When it was made, Unix seconds. */
  created_at: number;
  /** When it stops being valid, Unix seconds; absent for a key that stays valid. */
  expires_at?: number;
  /** When it was revoked, Unix seconds. */
  revoked_at?: number;
}
