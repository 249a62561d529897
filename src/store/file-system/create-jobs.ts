import { rename, rm } from 'node:fs/promises';
import { forEachOf } from '../../async/for-each-of.js';
import { toAstroJobsError } from '../../job/errors.js';
import type { CreateOutcome, NewJob } from '../job-store.js';
import { layOut } from './create-job.js';
import type { Documents } from './documents.js';
import { scratchName } from './durable.js';
import { syncFolder } from './folders.js';
import { firstRevision } from './history.js';
import { jobPaths } from './layout.js';
import { addMarker, dropMarker } from './markers.js';
import { syncAll } from './sync-all.js';

/** Folders that are written side by side. */
const WRITERS = 32;

interface Making {
  job: NewJob;
  /** The folder of the job under another name. */
  made: string;
  /** Of its `status.json`. */
  stamp?: string;
  outcome?: CreateOutcome;
}

/**
 * Makes the folders of many jobs like `createJob`, with one round to the disk for each step: all that is written, then all names.
 * See `JobStore.createMany`.
 */
export async function createJobs(documents: Documents, jobs: readonly NewJob[]): Promise<CreateOutcome[]> {
  const { layout } = documents;
  const all = jobs.map((job): Making => ({ job, made: scratchName(layout.scratch) }));
  const failed = (making: Making) => async (error: unknown) => {
    making.outcome = { error: toAstroJobsError(error, 'creating the job') };
    await rm(making.made, { recursive: true, force: true }).catch(() => {});
  };
  await forEachOf(all, WRITERS, async (making) => {
    const { status, image } = making.job;
    try {
      making.stamp = await layOut(documents, making.made, status, image, { durably: false });
    } catch (error) {
      await failed(making)(error);
    }
  });
  const written = all.filter(({ outcome }) => !outcome);
  try {
    await syncAll(
      layout,
      written.map(({ made }) => made),
    );
    await place(documents, written);
  } catch (error) {
    for (const making of written) {
      if (making.outcome && 'created' in making.outcome && !making.outcome.created) continue;
      await withdraw(documents, making).catch(() => {});
      await failed(making)(error);
    }
  }
  return all.map(({ outcome }) => outcome ?? { error: toAstroJobsError(undefined, 'creating the job') });
}

/** Gives the folders their names; a job that is there already stays as it is. */
async function place(documents: Documents, written: readonly Making[]): Promise<void> {
  const { layout, modes } = documents;
  await forEachOf(written, WRITERS, ({ job }) => addMarker(layout, job.status, modes.file));
  await syncFolder(layout.queued);
  await forEachOf(written, WRITERS, async (making) => {
    const { status } = making.job;
    try {
      await rename(making.made, jobPaths(layout, status.job_id).folder);
      making.outcome = { record: { status, revision: firstRevision(status) }, created: true };
      if (making.stamp !== undefined) documents.created(status, making.stamp);
    } catch (error) {
      const record = await documents.read(status.job_id).catch(() => undefined);
      await rm(making.made, { recursive: true, force: true });
      if (!record) await dropMarker(layout, status).catch(() => {});
      making.outcome = record
        ? { record, created: false }
        : { error: toAstroJobsError(error, 'creating the job') };
    }
  });
  await syncFolder(layout.root);
}

/** Not known to be on the disk is not acknowledged, so it must not be there. */
async function withdraw({ layout }: Documents, { job, made, outcome }: Making): Promise<void> {
  if (outcome && 'created' in outcome) await rename(jobPaths(layout, job.status.job_id).folder, made);
  await dropMarker(layout, job.status);
}
