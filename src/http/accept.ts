import type { JobStatus, SolveParamsInput, SubmitOptions } from '../index.js';
import { HttpError } from './errors.js';
import { assertRepeated, keyedImage } from './idempotency.js';
import type { Call } from './services.js';

/** Images of one form. */
export const MAX_BATCH_IMAGES = 1000;

export interface Submission {
  image: AsyncIterable<Uint8Array>;
  params: SolveParamsInput;
  filename: string;
  /** Repeated, it gives the first job again; callers do not meet in it. */
  idempotencyKey?: string;
  jobId?: string;
  webhook?: string;
  /** Checked where all options are. */
  tags?: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
  exports?: SubmitOptions['exports'];
}

/** What the library is told of a submission: whose it is, and a key that no other caller's meets. */
export function optionsOf(
  { grant: { caller } }: Call,
  { filename, tags, metadata, exports, jobId, idempotencyKey }: Omit<Submission, 'image' | 'params'>,
): SubmitOptions {
  return {
    ...{ filename, rateKey: caller, tags, metadata, exports },
    ...(jobId !== undefined && { jobId }),
    ...(idempotencyKey !== undefined && { idempotencyKey: `${caller}\n${idempotencyKey}` }),
  };
}

/**
 * Streams an image into a job. What was wrong with the bytes on their way (too slow, too large, cut off) is what the caller
 * is told, whatever the store made of it; and nothing of such a job is left.
 */
export async function accept(call: Call, submission: Submission): Promise<JobStatus> {
  call.submits.take(call.grant.caller, (budget) => call.budgets.push(budget));
  const hooks = call.webhooks.targets(submission.webhook, call.grant.key?.id);
  const source = remember(submission.image);
  try {
    const { idempotencyKey } = submission;
    const keyed = idempotencyKey === undefined ? undefined : keyedImage(source.bytes);
    const options = optionsOf(call, submission);
    const status = await call.jobs.submit(keyed?.bytes ?? source.bytes, submission.params, options);
    if (keyed) {
      await assertRepeated(call, status, call.jobs.requestHash(submission.params, options), keyed);
    }
    await call.webhooks.register(status.job_id, hooks);
    return status;
  } catch (error) {
    throw source.failure() ?? error;
  } finally {
    await source.bytes.return(undefined);
  }
}

function remember(image: AsyncIterable<Uint8Array>) {
  let failure: unknown;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield* image;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { bytes: bytes(), failure: () => failure };
}

/** Runs an upload when it is its turn. */
export async function inTurn<T>(call: Call, upload: () => Promise<T>): Promise<T> {
  if (call.closing.aborted) throw new HttpError('closed', 'The server is stopping', { 'retry-after': '10' });
  call.turn.leave();
  const leave = await call.uploads.enter(call.grant.caller, call.request.signal);
  try {
    return await upload();
  } finally {
    leave();
  }
}
