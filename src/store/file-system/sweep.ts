import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJobId } from '../../job/id.js';
import { isSettled } from '../../job/status.js';
import type { Documents } from './documents.js';
import { exists, isFolder } from './folders.js';
import { jobPaths } from './layout.js';
import { addMarker } from './markers.js';
import { unlessMissing } from './missing.js';

/**
 * Clears away what interrupted programs have left behind, and finds the jobs that another program has put here.
 * @param isDone whether a job is known to be done, so that there is nothing to look for in its folder
 */
export async function sweep(
  documents: Documents,
  isDone: (id: string) => boolean,
  olderThanSeconds: number,
): Promise<void> {
  const { layout, modes } = documents;
  const before = Date.now() - olderThanSeconds * 1000;

  for (const name of await readdir(layout.scratch)) {
    const path = join(layout.scratch, name);
    if ((await youngest(path)) < before) await rm(path, { recursive: true, force: true });
  }
  const present = new Set((await readdir(layout.root)).filter(isJobId));
  for (const id of present) {
    if (isDone(id)) continue;
    const { folder, status, history } = jobPaths(layout, id);
    if (!(await isFolder(folder))) continue;
    if (!(await exists(status)) && !(await exists(history))) {
      // The copy of a job folder that was interrupted before its status.
      if ((await youngest(folder)) < before) await rm(folder, { recursive: true, force: true });
      continue;
    }
    const record = await documents.read(id).catch(() => undefined);
    if (record && !isSettled(record.status)) await addMarker(layout, record.status, modes.file);
  }
  for (const id of (await readdir(layout.revisions)).filter(isJobId)) {
    if (present.has(id)) continue;
    const { folder, history } = jobPaths(layout, id);
    if (!(await exists(folder)) && (await youngest(history)) < before)
      await rm(history, { recursive: true, force: true });
  }
}

/**
 * When anything at or below a path was last changed, in milliseconds; something still written to is young. Symbolic links
 * count as themselves: one that leads to `/` must not have the whole disk looked at.
 */
async function youngest(path: string): Promise<number> {
  const own = await unlessMissing(lstat(path), undefined);
  if (!own?.isDirectory()) return own?.mtimeMs ?? 0;
  let newest = own.mtimeMs;
  for (const name of await unlessMissing(readdir(path), []))
    newest = Math.max(newest, await youngest(join(path, name)));
  return newest;
}
