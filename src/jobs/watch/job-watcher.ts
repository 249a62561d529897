import type { Logger } from '../../job/logger.js';
import { isSettled, type JobStatus } from '../../job/status.js';
import type { JobRecord, JobStore } from '../../store/job-store.js';

/** Called with every change of a job, and with `undefined` when it was removed. */
export type JobObserver = (status: JobStatus | undefined) => void;

type Subscribe = (listener: (id: string) => void) => () => void;

interface Followed {
  observers: Set<JobObserver>;
  /** What the observers know. */
  version: string;
}

/** How often jobs are read without a hint, milliseconds. */
const TICK_MS = 200;
/** Documents read in one tick: with more jobs than this, each is looked at less often. */
const READS_PER_TICK = 50;
/** Reading them may take one part in so many of the time. */
const SHARE = 20;

/**
 * Tells observers how jobs change, whoever changes them. The store is asked again and again, which is always right; hints
 * of changes only make it faster.
 */
export class JobWatcher {
  readonly #store: JobStore;
  readonly #logger: Logger;
  readonly #followed = new Map<string, Followed>();
  readonly #hinted = new Set<string>();
  readonly #sources: Subscribe[] = [];
  readonly #unsubscribe: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #tickAt = Number.NEGATIVE_INFINITY;
  #looking = false;
  #closed = false;

  constructor(store: JobStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** How many jobs are followed. */
  get size(): number {
    return this.#followed.size;
  }

  /** Takes hints from a store or a queue, from the first job on that is followed: a subscription may cost a connection. */
  listen(subscribe: Subscribe): void {
    this.#sources.push(subscribe);
  }

  /** Calls back soon with the present status, then with each change until the job is settled or removed. Returns how to stop. */
  follow(id: string, observer: JobObserver): () => void {
    this.#subscribe();
    const followed = this.#followed.get(id) ?? { observers: new Set(), version: '' };
    // The newcomer is told how things stand; the others hear it again, which they may.
    followed.version = '';
    followed.observers.add(observer);
    this.#followed.set(id, followed);
    this.#hinted.add(id);
    this.#schedule(0);
    return () => {
      followed.observers.delete(observer);
      if (followed.observers.size === 0) this.#followed.delete(id);
    };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#followed.clear();
  }

  #subscribe(): void {
    if (this.#closed) return;
    for (const subscribe of this.#sources.splice(0))
      this.#unsubscribe.push(subscribe((id) => this.#hint(id)));
  }

  #hint(id: string): void {
    if (!this.#followed.has(id)) return;
    this.#hinted.add(id);
    this.#schedule(0);
  }

  #schedule(delayMs: number): void {
    if (this.#closed || this.#looking || (this.#timer && delayMs > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look().catch((err) => this.#logger.error({ err }, 'Followed jobs are no longer read'));
    }, delayMs);
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#looking = true;
    const ids = new Set(this.#hinted);
    this.#hinted.clear();
    const started = performance.now();
    const isTick = started >= this.#tickAt;
    if (isTick)
      for (const id of this.#followed.keys()) {
        if (ids.size >= READS_PER_TICK) break;
        ids.add(id);
      }
    try {
      await Promise.all([...ids].map((id) => this.#ask(id)));
    } catch (err) {
      this.#logger.warn({ err }, 'Followed jobs cannot be read; trying again');
    }
    const now = performance.now();
    if (isTick) this.#tickAt = now + Math.max(TICK_MS, SHARE * (now - started));
    this.#looking = false;
    if (this.#hinted.size > 0) this.#schedule(0);
    else if (this.#followed.size > 0) this.#schedule(Math.max(1, this.#tickAt - now));
  }

  async #ask(id: string): Promise<void> {
    const followed = this.#followed.get(id);
    if (!followed) return;
    const record = await this.#store.get(id);
    // To the end of the queue, so that every job has its turn.
    if (this.#followed.delete(id)) this.#followed.set(id, followed);
    const version = versionOf(record);
    if (version === followed.version) return;
    followed.version = version;
    if (!record || isSettled(record.status)) this.#followed.delete(id);
    for (const observer of [...followed.observers]) observer(record?.status);
  }
}

function versionOf(record: JobRecord | undefined): string {
  return record ? `${record.revision} ${JSON.stringify(record.status.progress)}` : 'gone';
}
