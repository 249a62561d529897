import { lstat } from 'node:fs/promises';
import { isMissing } from './durable.js';
import { jobPaths, type Layout } from './layout.js';

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
  const file = await lstat(status).catch(unlessThere);
  const version = { changed: file?.mtimeMs ?? 0, inode: file?.ino ?? 0 };
  return withHistory
    ? { ...version, history: (await lstat(history).catch(unlessThere))?.mtimeMs ?? 0 }
    : version;
}

export function isSameVersion(known: JobVersion, now: JobVersion): boolean {
  const sameHistory = now.history === undefined || known.history === now.history;
  return known.changed === now.changed && known.inode === now.inode && sameHistory;
}

function unlessThere(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
