import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { allEnded } from '../../async/all-ended.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { Created } from '../job-store.js';
import type { Documents } from './documents.js';
import { scratchName, writeNew, writeStamped } from './durable.js';
import { makeFolder, syncFolder } from './folders.js';
import { firstRevision } from './history.js';
import { jobPaths } from './layout.js';
import { addMarker, dropMarker } from './markers.js';

/**
 * Makes the folder of a job under another name. Its files are on the disk if they are written `durably`; whoever asks for it sees to it
 * that the folders come there, and otherwise the files.
 * @returns the stamp of its `status.json`
 */
export async function layOut(
  { layout, modes }: Documents,
  made: string,
  status: JobStatus,
  image: AsyncIterable<Uint8Array>,
  { durably }: { durably: boolean },
): Promise<string> {
  const files = jobPaths({ ...layout, root: made }, '.');
  const document = `${JSON.stringify({ ...status, revision: firstRevision(status) }, null, 1)}\n`;
  for (const path of [made, files.input, files.output]) await makeFolder(path, modes.folder);
  const name = safeFileName(status.filename ?? '');
  // Side by side: one round to the disk serves all of them.
  const [, , stamp] = await allEnded([
    writeNew(join(files.input, name), image, modes.file, { durably }),
    // Empty: that it is there comes to the disk with its folder.
    writeNew(files.log, '', modes.file, { durably: false }),
    writeStamped(files.status, document, modes.file, { durably }),
  ]);
  return stamp;
}

/**
 * Makes the folder of a job under a scratch name and renames it into place when all of it is on the disk, so that the job
 * appears whole or not at all. See `JobStore.create`.
 */
export async function createJob(
  documents: Documents,
  status: JobStatus,
  image: AsyncIterable<Uint8Array>,
): Promise<Created> {
  const { layout, modes } = documents;
  const id = status.job_id;
  const existing = await documents.read(id);
  if (existing) return { record: existing, created: false };
  const made = scratchName(layout.scratch);
  const { folder } = jobPaths(layout, id);
  let placed = false;
  try {
    const stamp = await layOut(documents, made, status, image, { durably: true });
    await addMarker(layout, status, modes.file);
    await Promise.all([made, join(made, 'input'), layout.queued].map(syncFolder));
    await rename(made, folder);
    placed = true;
    await syncFolder(layout.root);
    documents.created(status, stamp);
  } catch (error) {
    // Not known to be on the disk is not acknowledged, so it must not be there.
    if (placed) await rename(folder, made);
    await rm(made, { recursive: true, force: true });
    const winner = await documents.read(id).catch(() => undefined);
    if (winner) return { record: winner, created: false };
    await dropMarker(layout, status).catch(() => {});
    throw error;
  }
  return { record: { status, revision: firstRevision(status) }, created: true };
}
