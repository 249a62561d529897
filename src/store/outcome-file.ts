import { readFile } from 'node:fs/promises';
import type { OutcomeFile } from '../job/outcome-file.js';

/** The bytes of a file that an outcome leaves. */
export async function readOutcomeFile(file: OutcomeFile): Promise<Uint8Array> {
  return typeof file === 'string' ? readFile(file) : file;
}
