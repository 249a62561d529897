import type { KeyFacts } from '../index.js';
import { nowSeconds } from '../job/status.js';
import { isSecretOf, parseKey } from '../keys/issue.js';
import { factsOf } from '../keys/key.js';
import { isSecretOfDigest, sha256 } from '../keys/same-secret.js';
import { HttpError } from './errors.js';
import type { KnownKeys } from './known-keys.js';
import type { Grant } from './options.js';

/** Who asks, and by which key. */
export interface Caller extends Required<Grant> {
  key?: KeyFacts;
}

const REALM = 'Bearer realm="astro-jobs"';
const invalid = (code: 'unauthorized' | 'key_expired' | 'key_revoked', message: string) =>
  new HttpError(code, message, { 'www-authenticate': `${REALM}, error="invalid_token"` });

export interface Callers {
  /**
   * Whose credential it is. The administrator's token and callers of a server that asks for nothing are known by their address.
   * @throws HttpError 401 `unauthorized`, `key_expired`, `key_revoked`
   */
  identify(credential: string | undefined, address: string): Promise<Caller>;
  /** Whether callers have to show something: there is a token, or was ever a key. */
  isGuarded(): Promise<boolean>;
}

export function createCallers(token: string | undefined, keys: KnownKeys | undefined): Callers {
  const tokenDigest = token === undefined ? undefined : sha256(token);
  const isGuarded = async () => token !== undefined || ((await keys?.any()) ?? false);
  return {
    isGuarded,
    async identify(credential, address) {
      if (!(await isGuarded())) return { caller: address, scopes: ['admin'] };
      if (credential === undefined)
        throw new HttpError('unauthorized', 'Send `Authorization: Bearer KEY` with a key of this server', {
          'www-authenticate': REALM,
        });
      if (tokenDigest && isSecretOfDigest(credential, tokenDigest))
        return { caller: address, scopes: ['admin'] };
      const shown = parseKey(credential);
      const stored = shown && (await keys?.find(shown.id));
      if (!stored || !isSecretOf(stored, shown.secret))
        throw invalid('unauthorized', 'This is no key of this server');
      const key = factsOf(stored, nowSeconds());
      if (key.state === 'revoked') throw invalid('key_revoked', 'This key has been revoked');
      if (key.state === 'expired') throw invalid('key_expired', 'This key has expired; ask for a new one');
      return { caller: key.id, scopes: key.scopes, key };
    },
  };
}
