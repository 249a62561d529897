import { createHash, randomUUID } from 'node:crypto';
import { settledWithin } from '../../async/settled-within.js';
import { Signal } from '../../async/signal.js';
import { DEFAULTS } from '../../defaults.js';
import { isSettled, nowSeconds } from '../../job/status.js';
import type { Coverage, FieldRange } from '../../solver/indexes/coverage.js';
import type { Claim } from '../../worker/runner.js';
import { bestCoverage } from '../coverage.js';
import type { QueueHost, WorkOptions } from '../job-queue.js';
import {
  type Engine,
  type EngineEvents,
  type EngineJob,
  type EngineWorker,
  stalledCheckMs,
} from './engine.js';
import { every } from './every.js';
import { inTime } from './in-time.js';
import { idOfTicket, type Tickets } from './tickets.js';
import { Turns } from './turns.js';
import { workerName } from './worker-registry.js';

const ALL_FIELDS: Coverage = [{ low_deg: 0, high_deg: 360 }];
const STORE_PAUSE_MS = 2000;
const HINT_EVERY_MS = 500;

export interface BullMQWorkerOptions extends WorkOptions {
  engine: Engine;
  tickets: Tickets;
  host: QueueHost;
  sweepSeconds: number;
}

/** The engine's lock lasts as long as the lease in the store. */
const lockMsOf = (host: QueueHost) => Math.round(host.runner.leaseSeconds * 1000);

/** An announced worker is forgotten after so many leases without another announcement. */
const ANNOUNCED_LEASES = 1.5;
const SWEEP_EVERY_MS = 10 * 60_000;
const DEBRIS_AGE_SECONDS = 3600;

interface Held {
  job: EngineJob;
  token: string;
  /** Which job runs: that of the ticket, or one whose turn it was. */
  runs: string;
  hintedAt: number;
  done: Promise<void>;
}

/**
 * Takes tickets out of the engine by hand, so that one number bounds the jobs of this process whatever queues they come
 * from, and runs their jobs. The engine's lock says whose turn it is; the lease in the store says who may
 * settle. A worker that lost its lock (an emptied Redis) and holds its lease goes on.
 */
export class BullMQWorker {
  readonly #options: BullMQWorkerOptions;
  readonly #id = workerName();
  readonly #kind: string;
  readonly #coverage: Coverage;
  readonly #lockMs: number;
  readonly #held = new Set<Held>();
  readonly #turns: Turns;
  readonly #stop = new AbortController();
  readonly #closing = new AbortController();
  readonly #sources: EngineWorker[];
  readonly #events: EngineEvents;
  readonly #unsubscribe: () => void;
  readonly #fetching: Promise<void>;
  /** Coverages of the other kinds of workers that live; undefined until this worker has looked. */
  #others: { kind: string; coverage: Coverage }[] | undefined;
  #meeting: Promise<void> | undefined;
  readonly #news = new Signal();

  /** Rejects while the engine cannot be reached. */
  static async start(options: BullMQWorkerOptions): Promise<BullMQWorker> {
    const { engine, tickets, host } = options;
    const source = await engine.worker(tickets.queueName(), lockMsOf(host));
    return new BullMQWorker(options, source, await engine.events(tickets.queueName()));
  }

  private constructor(options: BullMQWorkerOptions, source: EngineWorker, events: EngineEvents) {
    this.#options = options;
    const { tickets, host, sweepSeconds } = options;
    this.#coverage = options.coverage ?? ALL_FIELDS;
    this.#kind = createHash('sha256').update(JSON.stringify(this.#coverage)).digest('hex').slice(0, 8);
    this.#lockMs = lockMsOf(host);
    this.#turns = new Turns(host, tickets, ({ field }) => this.#kindFor(field) === this.#kind);
    this.#sources = [source];
    this.#events = events;
    events.listen((_jobId, event) => {
      if (event === 'added' || event === 'waiting') this.wake();
    });
    this.#unsubscribe = host.store.subscribe((id) => this.#hint(id));
    const untilClosed = { signal: this.#closing.signal, logger: host.logger };
    this.#fetching = this.#fetch();
    // They end by themselves, each when what it waits for has ended.
    Promise.all([
      every(Math.min(5000, this.#lockMs / 3), () => this.#meetOthers(), untilClosed),
      every(stalledCheckMs(this.#lockMs), () => this.#recoverStalled(), untilClosed),
      every(sweepSeconds * 1000, () => tickets.sweep(host.store), untilClosed),
      every(SWEEP_EVERY_MS, () => host.runner.sweep(DEBRIS_AGE_SECONDS), untilClosed),
    ]).catch(() => {});
  }

  wake(): void {
    this.#news.raise();
  }

  /** Running jobs have `graceMs` to end, then they are stopped and given back. Nothing is waited for that does not answer. */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort();
    this.wake();
    const stop = () => this.#stop.abort(new Error('The worker is stopping'));
    const timer = setTimeout(stop, graceMs);
    await settledWithin(graceMs + DEFAULTS.releaseMs, this.#idle());
    clearTimeout(timer);
    // A ticket that is only now taken is given back at once.
    stop();
    this.#unsubscribe();
    const parts = [this.#events, ...this.#sources].map((part) => part.close());
    const goodbye = [this.#options.engine.registry.withdraw(this.#id), ...parts];
    await settledWithin(DEFAULTS.goodbyeMs, Promise.allSettled(goodbye));
  }

  async #idle(): Promise<void> {
    await this.#fetching;
    await Promise.all([...this.#held].map(({ done }) => done));
  }

  async #fetch(): Promise<void> {
    // A delayed job that becomes due is not announced, hence the poll.
    const pollMs = Math.min(1000, Math.max(100, this.#lockMs / 20));
    let reachable = true;
    while (!this.#closing.signal.aborted) {
      this.#news.lower();
      try {
        if (!this.#others) await inTime(this.#lockMs, this.#meetOthers());
        while (this.#held.size < this.#options.concurrency && (await this.#takeOne()));
        reachable = true;
      } catch (err) {
        if (reachable) this.#options.host.logger.warn({ err }, 'The queue cannot be reached; trying again');
        reachable = false;
      }
      await this.#news.within(pollMs);
    }
  }

  /** Tickets that were handed over to this kind of worker go first: no other worker takes them. */
  async #takeOne(): Promise<boolean> {
    for (const source of [...this.#sources].reverse()) {
      if (this.#closing.signal.aborted) return false;
      const token = randomUUID();
      const job = await inTime(this.#lockMs, source.getNextJob(token));
      if (!job) continue;
      const held: Held = { job, token, runs: job.data.id, hintedAt: 0, done: Promise.resolve() };
      this.#held.add(held);
      held.done = this.#work(held, source === this.#sources[0])
        .catch((err: unknown) =>
          this.#options.host.logger.warn({ err, job_id: job.data.id }, 'A job goes back to the queue'),
        )
        .finally(() => {
          this.#held.delete(held);
          this.wake();
        });
      return true;
    }
    return false;
  }

  async #work(held: Held, mayHandOver: boolean): Promise<void> {
    const { tickets, host } = this.#options;
    const { job, token } = held;
    const { id, field } = job.data;
    if (mayHandOver) {
      const kind = this.#kindFor(field);
      if (kind !== this.#kind) {
        await tickets.handOver(job.data, job.opts.priority, kind);
        return this.#complete(held);
      }
    }
    try {
      // A ticket of a queue of our own kind has been chosen for us already.
      const claim = await (mayHandOver ? this.#turns.claim(job.data) : host.runner.claim(id));
      if (!claim) return await this.#withoutClaim(held);
      if (claim.id !== id) return await this.#runInstead(held, claim);
      const end = await host.runner.run(claim, {
        signal: this.#stop.signal,
        onRenew: async () => {
          // Not waited for: an engine that does not answer must not cost the lease.
          void job.extendLock(token, this.#lockMs).catch(() => {});
          return true;
        },
      });
      if (end === 'released') return await this.#again(held, 0);
      if (end === 'lost') return await this.#again(held, this.#lockMs);
    } catch (error) {
      await this.#again(held, STORE_PAUSE_MS * (0.5 + Math.random()));
      throw error;
    }
    await this.#complete(held);
    // A retry that came between settling the job and giving up its ticket met the old ticket.
    const record = await host.store.get(id);
    if (record?.status.state === 'queued') await tickets.add(record.status);
  }

  /** Another job's turn: this ticket goes back, and the place that it had is that of the other. */
  async #runInstead(held: Held, claim: Claim): Promise<void> {
    const { tickets, host } = this.#options;
    held.runs = claim.id;
    await this.#again(held, 0);
    const end = await host.runner.run(claim, { signal: this.#stop.signal });
    if (end !== 'done' && end !== 'error') return;
    await inTime(this.#lockMs, tickets.remove(claim.id)).catch(() => {});
    const record = await host.store.get(claim.id);
    if (record?.status.state === 'queued') await tickets.add(record.status);
  }

  #kindFor(field: FieldRange | undefined): string {
    return bestCoverage(field, { kind: this.#kind, coverage: this.#coverage }, this.#others ?? []).kind;
  }

  /** The job is settled, held by another worker, or not due. */
  async #withoutClaim(held: Held): Promise<void> {
    const record = await this.#options.host.store.get(held.job.data.id);
    if (!record || isSettled(record.status)) return this.#complete(held);
    if (record.status.state === 'processing')
      return this.#again(held, Math.max(0, record.leaseRemaining ?? 0) * 1000 + 50);
    return this.#again(held, Math.max(1000, ((record.status.not_before ?? 0) - nowSeconds()) * 1000));
  }

  /** If the lock is lost, another worker has the ticket, and finds in the store what to do with it. */
  async #complete({ job, token }: Held): Promise<void> {
    await inTime(this.#lockMs, job.moveToCompleted(null, token, false)).catch((err: unknown) =>
      this.#options.host.logger.debug({ err, job_id: job.data.id }, 'The ticket of a job was lost'),
    );
  }

  async #again({ job, token }: Held, afterMs: number): Promise<void> {
    await inTime(this.#lockMs, job.moveToDelayed(Date.now() + Math.ceil(afterMs), token)).catch(
      (err: unknown) =>
        this.#options.host.logger.debug({ err, job_id: job.data.id }, 'The ticket of a job was lost'),
    );
  }

  /** Processes that watch the job on other machines hear of its progress through the engine. */
  #hint(id: string): void {
    const held = [...this.#held].find(({ job, runs }) => runs === id && job.data.id === id);
    const now = performance.now();
    if (!held || now - held.hintedAt < HINT_EVERY_MS) return;
    held.hintedAt = now;
    void held.job.updateProgress(Date.now()).catch(() => {});
  }

  async #recoverStalled(): Promise<void> {
    for (const source of this.#sources) {
      const recovered = await source.recoverStalled();
      if (recovered.length === 0) continue;
      this.#options.host.logger.info({ job_ids: recovered.map(idOfTicket) }, 'Took jobs from dead workers');
      this.wake();
    }
  }

  #meetOthers(): Promise<void> {
    this.#meeting ??= this.#meet().finally(() => {
      this.#meeting = undefined;
    });
    return this.#meeting;
  }

  async #meet(): Promise<void> {
    const { engine, tickets } = this.#options;
    await engine.registry.announce(
      { worker: this.#id, kind: this.#kind, coverage: this.#coverage },
      Math.max(2, (this.#lockMs / 1000) * ANNOUNCED_LEASES),
    );
    const others = (await engine.registry.workers()).filter(({ kind }) => kind !== this.#kind);
    this.#others = others;
    if (others.length > 0 && this.#sources.length === 1) {
      this.#sources.push(await engine.worker(tickets.queueName(this.#kind), this.#lockMs));
      this.wake();
    }
  }
}
