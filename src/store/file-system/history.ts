import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AstroJobsError } from '../../job/errors.js';
import { asStatus, type JobStatus, statusSchema } from '../../job/status.js';
import { unlessMissing } from './missing.js';
import { readDocument } from './regular-files.js';

/** One change in the history of a job. */
export interface Revision {
  revision: number;
  status: JobStatus;
  /** Folder in scratch/ with what the change brings into `output/`, until it is there. */
  staged?: string;
}

const revisionSchema = z.looseObject({
  revision: z.int(),
  status: statusSchema,
  staged: z.string().optional(),
});

/** The clock, so that an id which was removed and is made again never sees an old revision. */
export const firstRevision = ({ created_at }: JobStatus): number => Math.floor(created_at * 1000);

/** @throws AstroJobsError `corrupt_document` */
export async function readRevision(history: string, number: number): Promise<Revision | undefined> {
  const data = await readDocument(join(history, `${number}.json`), 'status');
  if (!data) return undefined;
  try {
    const change = revisionSchema.parse(JSON.parse(data.toString('utf8')));
    return { ...change, status: asStatus(change.status) };
  } catch (error) {
    throw new AstroJobsError(
      'corrupt_document',
      `Change ${number} in the history of the job cannot be read`,
      {
        cause: error,
      },
    );
  }
}

export async function lastRevision(history: string): Promise<number> {
  const names = await unlessMissing(readdir(history), []);
  return Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isSafeInteger));
}
