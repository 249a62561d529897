/** Names of the files of checksums that are looked for beside index files. */
export const CHECKSUM_FILES = ['SHA256SUMS', 'SHA256SUMS.txt', 'sha256sums.txt'] as const;

/** Longer ones are no lists of checksums. */
export const MAX_CHECKSUM_BYTES = 1_000_000;

const SHA256 = /^[0-9a-f]{64}$/i;

/** Whether that is a SHA-256 in hex digits. */
export const isSha256 = (text: string): boolean => SHA256.test(text);

/** The SHA-256 of a file in a list as `sha256sum` writes it; a list of one digest without a name is that of the file. */
export function checksumIn(list: string, file: string): string | undefined {
  for (const line of list.split('\n')) {
    const [digest = '', name] = line.trim().split(/\s+\*?/, 2);
    if (isSha256(digest) && (name === undefined || name === file || name.endsWith(`/${file}`)))
      return digest.toLowerCase();
  }
  return undefined;
}
