import { statSync } from 'node:fs';
import { makePathSync } from './folders.js';

/**
 * The first of some folders that can be made and belongs to this user alone: what others could have written is not read.
 * @returns undefined where none is
 */
export const ownFolder = (folders: readonly string[]): string | undefined => folders.find(isUsable);

function isUsable(folder: string): boolean {
  try {
    makePathSync(folder, 0o700);
    const { uid, mode } = statSync(folder);
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}
