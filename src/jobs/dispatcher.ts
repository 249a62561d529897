import { forEachOf } from '../async/for-each-of.js';
import type { Logger } from '../job/logger.js';
import { isSettled, type JobStatus } from '../job/status.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { EventPublisher } from './watch/event-publisher.js';

/** Jobs that the queue is told of side by side. */
const DISPATCHED_AT_ONCE = 32;

/** A caller that meets jobs which may lack a worker wakes the queue, at most this often. */
const WAKE_EVERY_MS = 1000;

/** Tells the queue and the listeners of jobs that are stored. */
export class Dispatcher {
  readonly #queue: JobQueue;
  readonly #publisher: EventPublisher;
  readonly #logger: Logger;
  #wokenAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(queue: JobQueue, publisher: EventPublisher, logger: Logger) {
    this.#queue = queue;
    this.#publisher = publisher;
    this.#logger = logger;
  }

  /** Never rejects for a queue that does not answer: the job is durable, and the queue is told again as soon as a caller meets the job. */
  async dispatch(status: JobStatus): Promise<void> {
    if (isSettled(status)) return;
    this.#publisher.add(status);
    await this.#queue.enqueue(status).catch((err: unknown) => {
      const facts = { err, job_id: status.job_id };
      this.#logger.warn(facts, 'The job is stored, but the queue could not be told');
    });
  }

  dispatchAll(statuses: readonly JobStatus[]): Promise<void> {
    return forEachOf(statuses, DISPATCHED_AT_ONCE, (status) => this.dispatch(status));
  }

  /** Has jobs without a worker looked for. */
  wake(): void {
    if (this.#closed || performance.now() - this.#wokenAt < WAKE_EVERY_MS) return;
    this.#wokenAt = performance.now();
    this.#queue.wake();
  }

  /** From now on the queue is woken no more. */
  close(): void {
    this.#closed = true;
  }
}
