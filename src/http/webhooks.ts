import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { anySignal } from '../async/any-signal.js';
import { type AstroJobs, AstroJobsError, isSettled, type JobStatus, type Logger } from '../index.js';
import { HttpError } from './errors.js';
import { guardedRequest } from './guarded-fetch.js';
import type { WebhookOptions } from './options.js';
import { publicStatus } from './responses.js';
import { createWebhookDir, type PendingDelivery } from './webhook-dir.js';

/** Of an answer to a webhook. */
const MAX_ANSWER_BYTES = 65_536;
const RETRY_SECONDS = [5, 30, 120, 600, 3600, 21_600] as const;

/** One address that shall be told of one job. */
export interface WebhookTarget {
  url: string;
  /** Named by whoever runs the server, not by a caller. */
  trusted: boolean;
  /** Of the key whose submit named it. */
  key_id?: string;
}

export interface Webhooks {
  /** Who is to be told of a new job. @throws HttpError 403 when the caller names a URL and may not */
  targets(perJob: string | undefined, keyId: string | undefined): WebhookTarget[];
  /** The secret by which what goes to URLs that this key names is signed; undefined where none may be named. */
  secretOf(keyId: string): string | undefined;
  /** From here on, they will be told; durable when it resolves, if there is a folder to keep it in. */
  register(jobId: string, targets: readonly WebhookTarget[]): Promise<void>;
  /** Stops waiting and sending. What is kept in the folder goes on with the next handler on it. */
  close(): Promise<void>;
}

/** The key in a secret: what stands after `whsec_` is base64; anything else is the key itself. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
}

/** A secret for each key, so that what one caller's receiver knows signs nothing for another's, nor for those of the server. */
function secretOfKey(secret: string, keyId: string): string {
  const key = createHmac('sha256', keyOf(secret)).update(`astro-jobs webhooks of ${keyId}`).digest('base64');
  return `whsec_${key}`;
}

/**
 * The signature of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, base64, after `v1,`.
 * `timestamp` is Unix seconds; `secret` is `whsec_` and a key in base64, or the key as text.
 */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/**
 * Tells other servers when jobs end: at least once to each target, with the same `webhook-id` every time, so that a
 * receiver can tell a repetition. A delivery that is answered with 2xx is done; 410 means never again; anything else is tried
 * again after `retrySeconds`.
 */
export function createWebhooks(
  jobs: AstroJobs,
  options: WebhookOptions | undefined,
  logger: Logger,
): Webhooks {
  if (!options) {
    return {
      targets(perJob) {
        if (perJob !== undefined) throw new HttpError('webhooks_disabled', 'This server calls no webhooks');
        return [];
      },
      secretOf: () => undefined,
      async register() {},
      async close() {},
    };
  }
  return carryWebhooks(jobs, options, logger);
}

function carryWebhooks(jobs: AstroJobs, options: WebhookOptions, logger: Logger): Webhooks {
  if (keyOf(options.secret).length === 0)
    throw new AstroJobsError('invalid_params', 'The secret of the webhooks holds no key');
  const kept = createWebhookDir(options.dir);
  const stop = new AbortController();
  const running = new Set<Promise<void>>();

  const start = (delivery: PendingDelivery) => {
    const run = carry(delivery)
      .catch((error) => {
        if (!stop.signal.aborted)
          logger.error({ err: error, job_id: delivery.job_id }, 'A webhook could not be carried');
      })
      .finally(() => running.delete(run));
    running.add(run);
  };

  async function carry(delivery: PendingDelivery): Promise<void> {
    const status = await settled(jobs, delivery.job_id, stop.signal);
    if (status) await deliver(delivery, status);
    await kept.remove(delivery.id);
  }

  async function deliver(delivery: PendingDelivery, status: JobStatus): Promise<void> {
    const type = status.state === 'done' ? 'job.done' : 'job.failed';
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data: publicStatus(status) });
    const waits = options.retrySeconds ?? RETRY_SECONDS;
    for (let attempt = 0; ; attempt++) {
      const problem = await send(options, delivery, body, stop.signal);
      if (problem === undefined) return;
      stop.signal.throwIfAborted();
      const fields = { job_id: delivery.job_id, url: delivery.url, attempt: attempt + 1, problem };
      const wait = waits[attempt];
      if (wait === undefined || problem === 'HTTP 410') {
        logger.error(fields, 'A webhook was not delivered');
        return;
      }
      logger.warn(fields, `A webhook failed; again in ${wait} s`);
      // Spread, so that many deliveries to a server that comes back do not meet there.
      await sleep(wait * 1000 * (0.8 + 0.4 * Math.random()), undefined, { signal: stop.signal, ref: false });
    }
  }

  const resumed = kept
    .all()
    .then((deliveries) => deliveries.forEach(start))
    .catch((error) => logger.error({ err: error }, 'Kept webhooks could not be read'));

  return {
    targets(perJob, keyId) {
      const targets = (options.urls ?? []).map((url) => ({ url, trusted: true }));
      if (perJob === undefined) return targets;
      if (!options.perJob)
        throw new HttpError('webhooks_disabled', 'This server takes no webhook of a caller');
      if (!/^https?:\/\//i.test(perJob) || !URL.canParse(perJob)) {
        throw new HttpError('invalid_params', 'Expected `webhook` to be an http: or https: URL');
      }
      return [...targets, { url: perJob, trusted: false, ...(keyId !== undefined && { key_id: keyId }) }];
    },
    secretOf: (keyId) => (options.perJob ? secretOfKey(options.secret, keyId) : undefined),
    async register(job_id, targets) {
      for (const { url, trusted, key_id } of targets) {
        // The same for the same job and target: a repeated submit does not tell twice.
        const id = `msg_${createHash('sha256').update(`${job_id}\n${url}`).digest('hex').slice(0, 32)}`;
        const delivery = { id, job_id, url, trusted, ...(key_id !== undefined && { key_id }) };
        if (await kept.add(delivery)) start(delivery);
      }
    },
    async close() {
      stop.abort();
      await resumed;
      await Promise.allSettled(running);
    },
  };
}

/** The status with which a job ended; undefined when it is gone. */
async function settled(jobs: AstroJobs, id: string, signal: AbortSignal): Promise<JobStatus | undefined> {
  try {
    for await (const status of jobs.watch(id, { signal })) if (isSettled(status)) return status;
    signal.throwIfAborted();
    return await jobs.status(id);
  } catch (error) {
    if (error instanceof AstroJobsError && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** Reads what little a receiver says, so that its connection ends in order. */
function letFinish(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => {});
}

/** What went wrong; undefined when it was delivered. */
async function send(
  options: WebhookOptions,
  delivery: PendingDelivery,
  body: string,
  stop: AbortSignal,
): Promise<string | undefined> {
  const timestamp = Math.floor(Date.now() / 1000);
  const { key_id } = delivery;
  const secret = key_id === undefined ? options.secret : secretOfKey(options.secret, key_id);
  try {
    const response = await guardedRequest(delivery.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': delivery.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signWebhook(secret, delivery.id, timestamp, body),
      },
      signal: anySignal(stop, AbortSignal.timeout((options.timeoutSeconds ?? 10) * 1000)),
      allowPrivateAddresses: options.allowPrivateAddresses ?? delivery.trusted,
      maxRedirects: 0,
    });
    letFinish(response);
    const status = response.statusCode ?? 0;
    return status >= 200 && status < 300 ? undefined : `HTTP ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
