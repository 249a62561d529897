import { lstat as lstatWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { isMissing } from './durable.js';
import { jobPaths, type Layout } from './layout.js';

/** In two thirds of the time that `node:fs/promises` takes; a hundred thousand jobs are looked at every second. */
const lstat = promisify(lstatWithCallback);

/** What tells that the documents of a job have changed, without reading them. */
export interface JobVersion {
  /** When `status.json` was changed, milliseconds; 0 when it is missing. */
  changed: number;
  /** Whoever replaces a file whole, as everybody does here, leaves another inode. */
  inode: number;
  /** When a change was last added to the history, milliseconds. */
  history?: number;
}

/** Of what a process has changed itself: differs from every other, so that the documents are read once more. */
export const UNKNOWN_VERSION: JobVersion = { changed: Number.NaN, inode: Number.NaN };

/** @param withHistory of a job that is settled the history need not be asked: whoever changes it says so by a marker */
export async function versionOf(layout: Layout, id: string, withHistory: boolean): Promise<JobVersion> {
  const { status, history } = jobPaths(layout, id);
  const { mtimeMs: changed, ino: inode } = await lstat(status).catch(unlessThere);
  return withHistory
    ? { changed, inode, history: (await lstat(history).catch(unlessThere)).mtimeMs }
    : { changed, inode };
}

export function isSameVersion(known: JobVersion, now: JobVersion): boolean {
  const sameHistory = now.history === undefined || known.history === now.history;
  return known.changed === now.changed && known.inode === now.inode && sameHistory;
}

function unlessThere(error: unknown): { mtimeMs: number; ino: number } {
  if (isMissing(error)) return { mtimeMs: 0, ino: 0 };
  throw error;
}
