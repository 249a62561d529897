import { createHash } from 'node:crypto';
import type { JobStatus } from '../index.js';
import { HttpError } from './errors.js';
import type { Call } from './services.js';

/** An image on its way into a job that may be there already. */
export interface KeyedImage {
  /** For the store, which may stop early: that ends nothing. */
  bytes: AsyncIterable<Uint8Array>;
  /** Reads what the store has left. */
  digest(): Promise<{ size: number; sha256: string }>;
}

export function keyedImage(image: AsyncIterable<Uint8Array>): KeyedImage {
  const iterator = image[Symbol.asyncIterator]();
  const hash = createHash('sha256');
  let size = 0;
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const step = await iterator.next();
    if (step.done) return { done: true, value: undefined };
    hash.update(step.value);
    size += step.value.byteLength;
    return step;
  };
  return {
    bytes: { [Symbol.asyncIterator]: () => ({ next }) },
    async digest() {
      while (!(await next()).done);
      return { size, sha256: hash.digest('hex') };
    },
  };
}

/**
 * A repeated `Idempotency-Key` stands for the same request (draft-ietf-httpapi-idempotency-key-header): image, parameters, name, tags,
 * metadata and exports are compared with those that the first one asked for.
 * @param asked the `request_hash` of this one
 * @throws HttpError 422 `idempotency_key_reused`
 */
export async function assertRepeated(
  call: Call,
  status: JobStatus,
  asked: string,
  image: KeyedImage,
): Promise<void> {
  const stored = await call.jobs.image(status.job_id);
  const sent = await image.digest();
  if (status.request_hash === asked && sent.size === stored.size) {
    const hash = createHash('sha256');
    for await (const chunk of stored.read() as AsyncIterable<Uint8Array>) hash.update(chunk);
    if (hash.digest('hex') === sent.sha256) return;
  }
  throw new HttpError(
    'idempotency_key_reused',
    'This Idempotency-Key was sent before with another image, or asking for something else; take a new one for a new job',
  );
}
