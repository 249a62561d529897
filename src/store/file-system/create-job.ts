import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { allEnded } from '../../async/all-ended.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { Created } from '../job-store.js';
import type { Documents } from './documents.js';
import { scratchName, writeNew } from './durable.js';
import { makeFolder, syncFolder } from './folders.js';
import { jobPaths } from './layout.js';
import { addMarker, dropMarker } from './markers.js';

/** The clock, so that an id which was removed and is made again never sees an old revision. */
export const firstRevision = (status: JobStatus): number => Math.floor(status.created_at * 1000);

/**
 * Makes the folder of a job under another name. Whoever asks for it sees to it that its entries come to the disk; not `durably`, what is in
 * them too.
 */
export async function layOut(
  { layout, modes }: Documents,
  made: string,
  status: JobStatus,
  image: AsyncIterable<Uint8Array>,
  { durably }: { durably: boolean },
): Promise<void> {
  const files = jobPaths({ ...layout, root: made }, '.');
  const document = `${JSON.stringify({ ...status, revision: firstRevision(status) }, null, 1)}\n`;
  const name = safeFileName(status.filename ?? '');
  await makeFolder(made, modes.folder);
  // Side by side: who submits waits for each of these in a row.
  await allEnded([
    makeFolder(files.input, modes.folder).then(async () => {
      await writeNew(join(files.input, name), image, modes.file, { durably });
      if (durably) await syncFolder(files.input);
    }),
    makeFolder(files.output, modes.folder).then(async () => {
      await writeNew(files.log, '', modes.file, { durably });
      await writeNew(files.status, document, modes.file, { durably });
    }),
  ]);
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
    await layOut(documents, made, status, image, { durably: true });
    await allEnded([
      syncFolder(made),
      addMarker(layout, status, modes.file).then(() => syncFolder(layout.queued)),
    ]);
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
  return { record: { status, revision: firstRevision(status) }, created: true };
}
