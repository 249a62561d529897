import type { Astrometry } from '../job/astrometry.js';
import type { JobResult } from '../job/result.js';
import { isSettled, type JobStatus } from '../job/status.js';
import { RecentMap } from '../recent-map.js';
import type { JobStore } from '../store/job-store.js';
import type { FieldPage, SolvedField } from './types/solved-fields.js';

export type { FieldPage, SolvedField } from './types/solved-fields.js';

/** Which solved jobs a page shows. */
export interface FieldListOptions {
  /** Only jobs that were submitted with this `rateKey`. */
  rateKey?: string;
  /** Jobs on the page, at most. @default 100 */
  limit?: number;
  /** The `next` of the page before. */
  after?: string;
}

/** Fields that are remembered; one is some hundred bytes. */
const REMEMBERED = 20_000;
/** Results that are read at once. */
const AT_ONCE = 8;

/** Reads where the solved jobs of a store look; a result is read once. */
export class SolvedFields {
  readonly #store: JobStore;
  /** By id and end of the job; null: its result says nothing of the sky. */
  readonly #known = new RecentMap<string, SolvedField | null>(REMEMBERED);

  constructor(store: JobStore) {
    this.#store = store;
  }

  /** A job whose result is damaged or gone is left out. */
  async page({ rateKey, limit = 100, after }: FieldListOptions): Promise<FieldPage> {
    const { jobs, next } = await this.#store.list({ states: ['done'], rateKey, limit, after });
    const fields: (SolvedField | null)[] = [];
    for (let i = 0; i < jobs.length; i += AT_ONCE)
      fields.push(...(await Promise.all(jobs.slice(i, i + AT_ONCE).map((job) => this.#fieldOf(job)))));
    return { fields: fields.filter((field) => field !== null), ...(next !== undefined && { next }) };
  }

  async #fieldOf(job: JobStatus): Promise<SolvedField | null> {
    const key = `${job.job_id} ${job.finished_at}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = (await this.#store.result(job.job_id).catch(() => undefined)) as JobResult | undefined;
    const field = fieldOf(job, result);
    this.#known.set(key, field);
    return field;
  }
}

/** The document may be another program's, so it is looked at rather than believed. */
function fieldOf(job: JobStatus, result: JobResult | undefined): SolvedField | null {
  const found: Partial<Astrometry> | undefined = result?.ok ? result.astrometry : undefined;
  const { ra_center, dec_center, fov_deg, radius_deg, corners, subject } = found ?? {};
  if (
    !isSettled(job) ||
    typeof ra_center !== 'number' ||
    typeof dec_center !== 'number' ||
    !Array.isArray(fov_deg)
  )
    return null;
  const { name, common_name, type } = subject ?? {};
  return {
    job_id: job.job_id,
    ...(job.filename !== undefined && { filename: job.filename }),
    finished_at: job.finished_at,
    ra_center,
    dec_center,
    fov_deg,
    ...(radius_deg !== undefined && { radius_deg }),
    ...(corners && { corners }),
    ...(name !== undefined && {
      subject: {
        name,
        ...(common_name !== undefined && { common_name }),
        ...(type !== undefined && { type }),
      },
    }),
  };
}
