import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { KeyStore } from '../index.js';
import { nowSeconds } from '../job/status.js';

const CIPHER = 'aes-256-gcm';
const [IV_BYTES, TAG_BYTES] = [12, 16];
/** So that the same secret, used for something else one day, gives nothing that passes here. */
const PURPOSE = Buffer.from('astro-jobs session 1');

const contentSchema = z.object({ credential: z.string(), expires_at: z.number() });

/** What a caller showed once, in a form that it may show again for a while: sealed, so it can be neither read, altered nor made up. */
export interface Sessions {
  /** A text of letters, digits, `-` and `_`. */
  seal(credential: string, seconds: number): Promise<string>;
  /** What was sealed; undefined for what has expired or was not sealed by a server on the same keys. */
  open(session: string): Promise<string | undefined>;
}

/** Sessions that every process on the same keys can open; without keys those of this process alone. */
export function createSessions(keys: KeyStore | undefined): Sessions {
  let known: Promise<Uint8Array> | undefined;
  const secret = (): Promise<Uint8Array> => {
    known ??= (keys?.sessionSecret() ?? Promise.resolve(randomBytes(32))).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    async seal(credential, seconds) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, await secret(), iv).setAAD(PURPOSE);
      const content = JSON.stringify({ credential, expires_at: nowSeconds() + seconds });
      const sealed = [cipher.update(content, 'utf8'), cipher.final()];
      return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64url');
    },
    async open(session) {
      const bytes = Buffer.from(session, 'base64url');
      if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
      const iv = bytes.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(CIPHER, await secret(), iv, { authTagLength: TAG_BYTES })
        .setAAD(PURPOSE)
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        const opened = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
        const { credential, expires_at } = contentSchema.parse(
          JSON.parse(Buffer.concat(opened).toString('utf8')),
        );
        return expires_at > nowSeconds() ? credential : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
