import { createHash, timingSafeEqual } from 'node:crypto';

export const sha256 = (text: string) => createHash('sha256').update(text).digest();

/**
 * Whether a secret is the one of this digest, found out in a time that tells nothing about it: digests are of one length, and compared
 * to their end. Every secret that is shown is compared here.
 */
export function isSecretOfDigest(secret: string, digest: Uint8Array): boolean {
  return timingSafeEqual(sha256(secret), digest);
}
