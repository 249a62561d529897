import { Gate } from '../../async/gate.js';
import { DEFAULTS } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import { assertJobId, jobIdForKey, newJobId } from '../../job/id.js';
import type { SolveParamsInput } from '../../job/param-table.js';
import { parseParams } from '../../job/params.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { Asked } from '../../job/transitions.js';
import type { JobStore } from '../../store/job-store.js';
import { Admission } from './admission.js';
import { expectedSeconds } from './expected-seconds.js';
import { type ImageInput, openSource } from './image-source.js';
import { nextInstant } from './instant.js';
import { parseSubmitOptions, type SubmitOptions } from './options.js';

/**
 * Images written to the store at once, and of these of one client; each has a file or connection open. A place is held while the image
 * comes, so a client with many slow ones waits for itself alone.
 */
const [SUBMITS_AT_ONCE, SUBMITS_OF_CLIENT] = [128, 16];

/** What a submitter accepts. */
export interface SubmitterOptions {
  /** Bytes of one image. @default 1 GiB */
  maxBytes?: number;
  /** Jobs that may wait or run at once. @default no limit */
  maxJobs?: number;
  /** How often a job is taken up in all when its worker dies. */
  maxAttempts: number;
  /** What `params.solver` may be. */
  solverNames: readonly string[];
}

/** Makes jobs of images: looks at what it is given, and stores it as a queued job. */
export class Submitter {
  readonly #store: JobStore;
  readonly #options: SubmitterOptions;
  readonly #gate = new Gate({ places: SUBMITS_AT_ONCE, placesPerKey: SUBMITS_OF_CLIENT });
  readonly #admission: Admission | undefined;

  constructor(store: JobStore, options: SubmitterOptions) {
    this.#store = store;
    this.#options = options;
    this.#admission = options.maxJobs === undefined ? undefined : new Admission(store, options.maxJobs);
  }

  /**
   * The status of the new job, or of the job that has the same id or idempotency key already.
   * @throws AstroJobsError `invalid_params`, `invalid_id`; `image_not_found`, `unsupported_image`, `corrupt_image`,
   * `image_too_large`; `too_many_jobs`; `storage_full`, `storage_failed`. Then there is no job.
   */
  async submit(image: ImageInput, input: SolveParamsInput, given: SubmitOptions): Promise<JobStatus> {
    const { params, expected_seconds } = this.asked(input);
    const options = parseSubmitOptions(given);
    const id = idOf(options);
    const now = nextInstant();
    const store = async () => {
      await using source = await openSource(image, {
        filename: options.filename,
        maxBytes: this.#options.maxBytes ?? DEFAULTS.maxBytes,
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
        max_attempts: this.#options.maxAttempts,
        expected_seconds,
        ...(options.priority !== undefined && { priority: options.priority }),
        ...(options.delaySeconds && { not_before: now + options.delaySeconds }),
        ...(options.rateKey !== undefined && { rate_key: options.rateKey }),
        ...(options.tags?.length && { tags: [...options.tags] }),
        ...(options.metadata && { metadata: { ...options.metadata } }),
      };
      return (await this.#store.create(fresh, source.bytes)).record.status;
    };
    const admitted = () => (this.#admission ? this.#admission.admit(store) : store());
    return this.#gate.run(admitted, options.rateKey);
  }

  /** What a job with these parameters is run with. @throws AstroJobsError `invalid_params` */
  asked(input: SolveParamsInput): Asked {
    const params = parseParams(input);
    this.#checkSolver(params.solver);
    return { params, expected_seconds: expectedSeconds(params) };
  }

  #checkSolver(name: string): void {
    const { solverNames } = this.#options;
    if (solverNames.includes(name)) return;
    throw new AstroJobsError(
      'invalid_params',
      `Expected \`solver\` to be one of ${solverNames.join(', ')}, got ${JSON.stringify(name)}`,
    );
  }
}

function idOf({ jobId, idempotencyKey }: SubmitOptions): string {
  if (jobId !== undefined) return assertJobId(jobId);
  return idempotencyKey === undefined ? newJobId() : jobIdForKey(idempotencyKey);
}
