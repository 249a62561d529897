import { asStatus, type JobStatus, statusSchema } from '../../job/status.js';

/** `status.json` as it stands; without a `status` where it says none. */
export interface PublishedStatus {
  /** Of the change that it is a copy of; other programs write none. */
  revision?: number;
  status?: JobStatus;
  problem?: string;
}

/** Reads the text of the `status.json` of a job. */
export function parsePublished(id: string, text: string): PublishedStatus {
  try {
    const { revision, ...fields } = JSON.parse(text) as { revision?: unknown };
    const parsed = statusSchema.safeParse({ job_id: id, ...fields });
    if (!parsed.success)
      return { problem: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ') };
    if (parsed.data.job_id !== id) return { problem: `it is the status of ${parsed.data.job_id}` };
    return {
      ...(Number.isSafeInteger(revision) && { revision: revision as number }),
      status: asStatus(parsed.data),
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
