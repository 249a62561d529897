import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a job. */
export async function storedFile(folder: string, name: string, bytes: Uint8Array) {
  const path = join(folder, `${Math.random().toString(36).slice(2)}-${name}`);
  await writeFile(path, bytes);
  const { size } = await stat(path);
  return { name, size, modifiedAt: 0, path, read: () => createReadStream(path) };
}
