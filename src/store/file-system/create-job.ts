import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { JobRecord } from '../job-store.js';
import type { Documents } from './documents.js';
import { makeFolder, scratchName, syncFolder, writeDurably } from './durable.js';
import { jobPaths } from './layout.js';
import { addMarker, dropMarker } from './markers.js';

/**
 * Makes the folder of a job under a scratch name and renames it into place when all of it is on the disk, so that the job
 * appears whole or not at all. See `JobStore.create`.
 */
export async function createJob(
  documents: Documents,
  status: JobStatus,
  image: AsyncIterable<Uint8Array>,
): Promise<{ record: JobRecord; created: boolean }> {
  const { layout, modes } = documents;
  const id = status.job_id;
  const existing = await documents.read(id);
  if (existing) return { record: existing, created: false };
  // The clock, so that an id which was removed and is made again never sees an old revision.
  const revision = Math.floor(status.created_at * 1000);
  const made = scratchName(layout.scratch);
  const { folder } = jobPaths(layout, id);
  let placed = false;
  try {
    const files = jobPaths({ ...layout, root: made }, '.');
    for (const path of [made, files.input, files.output]) await makeFolder(path, modes.folder);
    await writeDurably(join(files.input, safeFileName(status.filename ?? '')), image, modes.file);
    await syncFolder(files.input);
    await writeDurably(files.log, '', modes.file);
    await writeDurably(files.status, `${JSON.stringify({ ...status, revision }, null, 1)}\n`, modes.file);
    await syncFolder(made);
    await addMarker(layout, status, modes.file);
    await syncFolder(layout.queued);
    await rename(made, folder);
    placed = true;
    await syncFolder(layout.root);
  } catch (error) {
    // Not known to be on the disk is not acknowledged, so it must not be there.
    if (placed) await rename(folder, made);
    await rm(made, { recursive: true, force: true });
    const winner = await documents.read(id).catch(() => undefined);
    if (winner) return { record: winner, created: false };
    await dropMarker(layout, status).catch(() => {});
    throw error;
  }
  return { record: { status, revision }, created: true };
}
