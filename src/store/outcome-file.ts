import { readFile } from 'node:fs/promises';
import type { OutcomeFile } from '../job/outcome-file.js';
import { storedFile } from './file-system/files.js';
import type { StoredFile } from './job-store.js';
import { storedBytes } from './stored-bytes.js';

/** The bytes of a file that an outcome leaves. */
export async function readOutcomeFile(file: OutcomeFile): Promise<Uint8Array> {
  return typeof file === 'string' ? readFile(file) : file;
}

/** A file that an outcome leaves, before it is stored; undefined where none has this name. */
export async function storedOutcomeFile(
  files: Readonly<Record<string, OutcomeFile>>,
  name: string,
): Promise<StoredFile | undefined> {
  const file = files[name];
  if (file === undefined) return undefined;
  return typeof file === 'string' ? storedFile(file) : storedBytes(name, file);
}
