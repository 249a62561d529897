import { DEFAULTS } from '../../defaults.js';
import { assertJobId, jobIdForKey, newJobId } from '../../job/id.js';
import { parseParams, type SolveParamsInput } from '../../job/params.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { JobStore } from '../../store/job-store.js';
import { Admission } from './admission.js';
import { type Gate, gate } from './gate.js';
import { type ImageInput, openSource } from './image-source.js';
import { nextInstant } from './instant.js';
import { checkSubmitOptions, type SubmitOptions } from './options.js';

/** Images written to the store at once; each has a file or connection open. */
const SUBMITS_AT_ONCE = 16;

export interface SubmitterLimits {
  /** Bytes of one image. @default 1 GiB */
  maxBytes?: number;
  /** Jobs that may wait or run at once. @default no limit */
  maxJobs?: number;
  /** How often a job is taken up in all when its worker dies. */
  maxAttempts: number;
}

/** Makes jobs of images: looks at what it is given, and stores it as a queued job. */
export class Submitter {
  readonly #store: JobStore;
  readonly #limits: SubmitterLimits;
  readonly #gate: Gate = gate(SUBMITS_AT_ONCE);
  readonly #admission: Admission | undefined;

  constructor(store: JobStore, limits: SubmitterLimits) {
    this.#store = store;
    this.#limits = limits;
    this.#admission = limits.maxJobs === undefined ? undefined : new Admission(store, limits.maxJobs);
  }

  /**
   * The status of the new job, or of the job that has the same id or idempotency key already.
   * @throws AstroJobsError `invalid_params`, `invalid_id`; `image_not_found`, `unsupported_image`, `corrupt_image`,
   * `image_too_large`; `too_many_jobs`; `storage_full`, `storage_failed`. Then there is no job.
   */
  async submit(image: ImageInput, input: SolveParamsInput, options: SubmitOptions): Promise<JobStatus> {
    const params = parseParams(input);
    checkSubmitOptions(options);
    const id = idOf(options);
    const now = nextInstant();
    const store = async () => {
      await using source = await openSource(image, {
        filename: options.filename,
        maxBytes: this.#limits.maxBytes ?? DEFAULTS.maxBytes,
        signal: options.signal,
      });
      const fresh: JobStatus = {
        job_id: id,
        state: 'queued',
        message: 'Queued',
        params,
        created_at: now,
        updated_at: now,
        filename: safeFileName(source.name),
        attempts: 0,
        max_attempts: this.#limits.maxAttempts,
        ...(options.priority !== undefined && { priority: options.priority }),
        ...(options.delaySeconds && { not_before: now + options.delaySeconds }),
        ...(options.rateKey !== undefined && { rate_key: options.rateKey }),
      };
      return (await this.#store.create(fresh, source.bytes)).record.status;
    };
    return this.#gate(() => (this.#admission ? this.#admission.admit(store) : store()));
  }
}

function idOf({ jobId, idempotencyKey }: SubmitOptions): string {
  if (jobId !== undefined) return assertJobId(jobId);
  return idempotencyKey === undefined ? newJobId() : jobIdForKey(idempotencyKey);
}
