import { forEachOf } from '../../async/for-each-of.js';
import { Gate } from '../../async/gate.js';
import { DEFAULTS } from '../../defaults.js';
import type { ErrorCode } from '../../job/error-codes.js';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import type { BeforeSubmit } from '../../job/hooks.js';
import type { SolveParamsInput } from '../../job/param-table.js';
import { parseParams } from '../../job/params.js';
import type { JobStatus } from '../../job/status.js';
import type { Asked } from '../../job/transitions.js';
import type { CreateOutcome, JobStore, NewJob, StoreTransaction } from '../../store/job-store.js';
import { Admission } from './admission.js';
import { changesBy } from './before-submit.js';
import { expectedSeconds } from './expected-seconds.js';
import { bytesOf, type ImageInput, nameOfInput, openSource } from './image-source.js';
import { nextInstant } from './instant.js';
import { type Admissible, idOf, newStatus } from './new-status.js';
import { parseSubmitOptions, type SubmitOptions } from './options.js';
import { requestHash } from './request-hash.js';
import { assertTransaction } from './transaction.js';

/**
 * Images written to the store at once, and of these of one client; each has a file or connection open. A place is held while the image
 * comes, so a client with many slow ones waits for itself alone.
 */
const [SUBMITS_AT_ONCE, SUBMITS_OF_CLIENT] = [128, 16];

/** Found out before the store is asked whether it has the job. */
const NO_IMAGE: ReadonlySet<ErrorCode> = new Set(['image_not_found', 'unsupported_image', 'corrupt_image']);

/** One of many images that are submitted together, with what `submit` takes beside an image. */
export interface Submission extends SubmitOptions {
  /** The image, as `submit` takes it. */
  image: ImageInput;
  /** Parameters of its solve. */
  params?: SolveParamsInput;
}

/** What became of one of many images: its job, or why there is none. */
export type SubmitOutcome =
  | {
      /** The status of its job; absent where there is none. */
      status: JobStatus;
      /** Why there is no job; absent where there is one. */
      error?: undefined;
    }
  | {
      /** Why there is no job; absent where there is one. */
      error: AstroJobsError;
      /** The status of its job; absent where there is none. */
      status?: undefined;
    };

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
  /** May change or refuse what is submitted. */
  beforeSubmit?: BeforeSubmit;
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
   * @throws AstroJobsError `invalid_params`, `invalid_id`, `refused`; `image_not_found`, `unsupported_image`, `corrupt_image`,
   * `image_too_large`; `too_many_jobs`; `storage_full`, `storage_failed`. Then there is no job.
   */
  async submit(
    image: ImageInput,
    input: SolveParamsInput,
    given: SubmitOptions,
    transaction?: StoreTransaction,
  ): Promise<JobStatus> {
    if (transaction) assertTransaction(this.#store, transaction);
    const admissible = await this.#admissible(input, given, () => nameOfInput(image));
    const { id, options } = admissible;
    const now = nextInstant();
    const { maxAttempts } = this.#options;
    const store = async () => {
      await using source = await openSource(image, this.#sourceOptions(options));
      const fresh = newStatus(admissible, { now, maxAttempts });
      return (await this.#store.create(fresh, source.bytes, transaction)).record.status;
    };
    const admitted = () => (this.#admission ? this.#admission.admit(store) : store());
    try {
      return await this.#gate.run(admitted, options.rateKey);
    } catch (error) {
      const known = await this.#repeated(id, options, error);
      if (known) return known;
      throw error;
    }
  }

  /** The job of an idempotency key that was used before: the same, though what came with the key this time is no image. */
  async #repeated(
    id: string,
    { idempotencyKey }: SubmitOptions,
    error: unknown,
  ): Promise<JobStatus | undefined> {
    if (idempotencyKey === undefined || !(error instanceof AstroJobsError) || !NO_IMAGE.has(error.code))
      return undefined;
    return (await this.#store.get(id).catch(() => undefined))?.status;
  }

  /**
   * Some of many: those that are refused have their error, the others are stored in one round.
   * @throws AstroJobsError `invalid_params` for a transaction that the store cannot take part in; nothing else
   */
  async submitRound(
    submissions: readonly Submission[],
    transaction?: StoreTransaction,
  ): Promise<SubmitOutcome[]> {
    if (transaction) assertTransaction(this.#store, transaction);
    const outcomes: SubmitOutcome[] = new Array(submissions.length);
    const round: { at: number; job: NewJob }[] = [];
    const admitted: (Admissible | undefined)[] = [];
    await forEachOf(submissions.entries(), SUBMITS_OF_CLIENT, async ([at, { image, params, ...given }]) => {
      try {
        admitted[at] = await this.#admissible(params, given, () => nameOfInput(image));
      } catch (error) {
        outcomes[at] = { error: toAstroJobsError(error, 'Submitting the image') };
      }
    });
    for (const [at, submission] of submissions.entries()) {
      const admissible = admitted[at];
      if (admissible) round.push({ at, job: this.#newJob(submission.image, admissible) });
    }
    const jobs = round.map(({ job }) => job);
    const store = () => this.#createMany(jobs, transaction);
    const stored = await (this.#admission?.admitMany(round.length, store) ?? store()).catch(
      (error: unknown) =>
        round.map((): CreateOutcome => ({ error: toAstroJobsError(error, 'Submitting the images') })),
    );
    for (const [index, { at }] of round.entries()) {
      const outcome = stored[index];
      if (outcome) outcomes[at] = 'error' in outcome ? outcome : { status: outcome.record.status };
    }
    return outcomes;
  }

  /**
   * What is to become a job, as it is stored: looked at, and changed by the hook of the host.
   * @throws AstroJobsError `invalid_params`, `invalid_id`, `refused`, and what the hook throws
   */
  async #admissible(
    input: SolveParamsInput = {},
    given: SubmitOptions = {},
    nameOf: () => string = () => 'image',
  ): Promise<Admissible> {
    const asked = this.asked(input);
    const options = parseSubmitOptions(given);
    const filename = options.filename ?? nameOf();
    const same = {
      ...{ id: idOf(options), filename },
      requestHash: options.idempotencyKey === undefined ? undefined : requestHash(asked, filename, options),
    };
    const { beforeSubmit } = this.#options;
    if (!beforeSubmit) return { ...same, asked, options };
    const { rateKey, tags, metadata } = options;
    const pending = { params: asked.params, filename, rateKey, tags, metadata };
    const { params, ...changes } = await changesBy(beforeSubmit, pending);
    return {
      ...same,
      asked: params ? this.asked(params) : asked,
      options: parseSubmitOptions({ ...options, ...changes }),
    };
  }

  #newJob(image: ImageInput, admissible: Admissible): NewJob {
    const { maxAttempts } = this.#options;
    const status = newStatus(admissible, { now: nextInstant(), maxAttempts });
    return { status, image: bytesOf(image, this.#sourceOptions(admissible.options)) };
  }

  async #createMany(jobs: readonly NewJob[], transaction?: StoreTransaction): Promise<CreateOutcome[]> {
    if (this.#store.createMany) return this.#store.createMany(jobs, transaction);
    const outcomes: CreateOutcome[] = new Array(jobs.length);
    await forEachOf(jobs.entries(), SUBMITS_OF_CLIENT, async ([at, { status, image }]) => {
      outcomes[at] = await this.#store
        .create(status, image, transaction)
        .catch((error: unknown) => ({ error: toAstroJobsError(error, 'Storing the image') }));
    });
    return outcomes;
  }

  #sourceOptions({ filename, signal }: SubmitOptions) {
    return { filename, signal, maxBytes: this.#options.maxBytes ?? DEFAULTS.maxBytes };
  }

  /** What a request asks for, as the jobs of its idempotency key have it. @throws AstroJobsError `invalid_params` */
  requestHash(input: SolveParamsInput, given: SubmitOptions): string {
    const options = parseSubmitOptions(given);
    return requestHash(this.asked(input), options.filename ?? 'image', options);
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
