import type { SolveParams } from '../../job/param-table.js';
import { parseParams } from '../../job/params.js';
import { type JobStatus, nowSeconds } from '../../job/status.js';
import type { JobStore } from '../../store/job-store.js';
import { fieldOf } from '../coverage.js';
import type { Engine, EngineQueue, Ticket } from './engine.js';
import type { KeyRateLimit, WorkerRegistry } from './worker-registry.js';

const JOB_NAME = 'solve';
/** A ticket that has served its purpose is not kept: what became of the job is in the store. */
const NOT_KEPT = { removeOnComplete: true, removeOnFail: true };
/** The engine runs low numbers first, from 1; jobs without a number it runs before all others. */
const MIDDLE_PRIORITY = 1_000_000;
const MAX_PRIORITY = 2_000_000;

const SWEEP_FEW = 200;
const SWEEP_MANY = 10_000;
const LOOKUPS_AT_ONCE = 50;

/** What the engine calls a job: never a number, which it would keep for itself. */
export const ticketId = (id: string) => `job-${id}`;
export const idOfTicket = (jobId: string) => jobId.slice('job-'.length);

/** Puts jobs of the store into the engine. Doing it twice is doing it once. */
export class Tickets {
  readonly #queues = new Map<string, Promise<EngineQueue>>();

  constructor(
    private readonly engine: Engine,
    readonly name: string,
    private readonly rateLimit: KeyRateLimit | undefined,
  ) {}

  get registry(): WorkerRegistry {
    return this.engine.registry;
  }

  /** The queue that all workers take from; or, with a kind, the one that only workers of that kind take from. */
  queueName(kind?: string): string {
    return kind === undefined ? this.name : `${this.name}-${kind}`;
  }

  /** Resolves when the engine answers. */
  async check(): Promise<void> {
    const queue = await this.#queue();
    await queue.getJobCounts('active');
  }

  async add(status: JobStatus): Promise<void> {
    const queue = await this.#queue();
    const jobId = ticketId(status.job_id);
    let delaySeconds = Math.max(0, (status.not_before ?? 0) - nowSeconds());
    if (this.rateLimit && status.rate_key !== undefined) {
      // A ticket that is there has its place in time already.
      if (await queue.getJob(jobId)) return;
      delaySeconds = Math.max(delaySeconds, await this.registry.reserve(status.rate_key, this.rateLimit));
    }
    const field = fieldOf(knownParams(status));
    await queue.add(
      JOB_NAME,
      { id: status.job_id, ...(field && { field }) },
      {
        jobId,
        delay: Math.ceil(delaySeconds * 1000),
        priority: Math.min(MAX_PRIORITY, Math.max(1, MIDDLE_PRIORITY - (status.priority ?? 0))),
        ...NOT_KEPT,
      },
    );
  }

  /** The ticket of a job if any worker may take it now: not delayed, not held, not handed over. */
  async waiting(id: string): Promise<Ticket | undefined> {
    const queue = await this.#queue();
    const state = await queue.getJobState(ticketId(id));
    if (state !== 'waiting' && state !== 'prioritized') return undefined;
    return (await queue.getJob(ticketId(id)))?.data;
  }

  /** Hands a ticket over to the workers of another kind. */
  async handOver(ticket: Ticket, priority: number | undefined, kind: string): Promise<void> {
    const queue = await this.#queue(kind);
    await queue.add(JOB_NAME, ticket, {
      jobId: ticketId(ticket.id),
      ...(priority !== undefined && { priority }),
      ...NOT_KEPT,
    });
  }

  /** Not of one that a worker holds: that worker sees in the store that the job was cancelled. */
  async remove(id: string): Promise<void> {
    const queue = await this.#queue();
    await queue.remove(ticketId(id));
  }

  /**
   * Gives a ticket to jobs that lack one: the engine was emptied, or could not be reached when they were submitted, or the
   * workers that they had been handed over to are gone.
   */
  async sweep(store: JobStore): Promise<number> {
    const kinds = new Set((await this.registry.workers()).map((notice) => notice.kind));
    const queues = await Promise.all([undefined, ...kinds].map((kind) => this.#queue(kind)));
    const held = await Promise.all(
      queues.map((queue) => queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active')),
    );
    const tickets = held.flatMap((counts) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
    const counts = await store.counts(['queued', 'processing']);
    const lost = tickets < counts.queued + counts.processing;
    const ids = await store.runnable({ now: nowSeconds(), limit: lost ? SWEEP_MANY : SWEEP_FEW });
    let added = 0;
    for (let start = 0; start < ids.length; start += LOOKUPS_AT_ONCE) {
      const some = ids.slice(start, start + LOOKUPS_AT_ONCE);
      const lacking = await Promise.all(
        some.map(async (id) => ((await this.#hasTicket(queues, id)) ? [] : [id])),
      );
      for (const id of lacking.flat()) {
        const record = await store.get(id);
        if (!record || record.status.state === 'done' || record.status.state === 'error') continue;
        await this.add(record.status);
        added += 1;
      }
    }
    return added;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map(async (queue) => (await queue).close()));
    this.#queues.clear();
  }

  async #hasTicket(queues: readonly EngineQueue[], id: string): Promise<boolean> {
    for (const queue of queues) if (await queue.getJob(ticketId(id))) return true;
    return false;
  }

  #queue(kind?: string): Promise<EngineQueue> {
    const name = this.queueName(kind);
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = this.engine.queue(name);
      this.#queues.set(name, queue);
      queue.catch(() => this.#queues.delete(name));
    }
    return queue;
  }
}

function knownParams(status: JobStatus): Partial<SolveParams> {
  try {
    return parseParams(status.params);
  } catch {
    return {};
  }
}
