import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A picture in a folder, as it is now. */
export interface Picture {
  /** Relative to the folder, with `/` between. */
  file: string;
  path: string;
  bytes: number;
  /** When it was changed last, milliseconds since 1970. */
  changed_ms: number;
}

/** Undefined where there is no file of that name any more. */
export async function lookAt(file: string, path: string): Promise<Picture | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { file, path, bytes: found.size, changed_ms: found.mtimeMs };
}

export const isSame = (a: Pick<Picture, 'bytes' | 'changed_ms'>, b: Pick<Picture, 'bytes' | 'changed_ms'>) =>
  a.bytes === b.bytes && a.changed_ms === b.changed_ms;

/** The SHA-256 of its bytes as hex; undefined where it was changed meanwhile, or is gone. */
export async function digestOf(picture: Picture, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(picture.path, { signal })) hash.update(chunk as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const now = await lookAt(picture.file, picture.path);
  return now && isSame(now, picture) ? hash.digest('hex') : undefined;
}
