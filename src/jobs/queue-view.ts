import { isSettled, type JobStatus, nowSeconds } from '../job/status.js';
import type { JobStore } from '../store/job-store.js';

/** Places that are told; the jobs behind them have none yet. */
const PLACES = 1000;
/** Settled jobs whose durations are remembered. */
const SAMPLE = 50;
/** A place is at most so old, milliseconds; or reading the queue would take more than a twentieth of the time. */
const KEPT_MS = 500;
const SHARE = 20;

interface View {
  /** Ids of waiting jobs → place, from 1. */
  places: ReadonlyMap<string, number>;
  /** How many jobs run. */
  running: number;
}

/** Where the jobs of a store stand in its queue, and when they will be run by how long those took that this process has met. */
export class QueueView {
  readonly #store: JobStore;
  /** Ids of settled jobs → seconds that they took, the latest last. */
  readonly #took = new Map<string, number>();
  #view: Promise<View> | undefined;
  #freshUntil = Number.NEGATIVE_INFINITY;

  constructor(store: JobStore) {
    this.#store = store;
  }

  /**
   * The status with its place and estimate in `progress`; a settled one as it is.
   * @throws AstroJobsError of the store
   */
  async locate(status: JobStatus): Promise<JobStatus> {
    if (isSettled(status)) {
      this.#learn(status);
      return status;
    }
    const seconds = this.#typicalSeconds;
    if (status.state === 'processing') return withEstimate(status, seconds);
    const { places, running } = await this.#current();
    const place = places.get(status.job_id);
    const progress = { stage: 'waiting', attempt: (status.attempts ?? 0) + 1 };
    if (place === undefined) return { ...status, progress };
    // While nothing runs the first place is about to start.
    const rounds = running === 0 ? place - 1 : place / running;
    const estimate = seconds === undefined ? undefined : Math.round(rounds * seconds);
    const estimated = estimate === undefined ? {} : { estimate_seconds: estimate };
    return { ...status, progress: { ...progress, place, ...estimated } };
  }

  #learn({ job_id, started_at, finished_at }: JobStatus): void {
    if (started_at === undefined || finished_at === undefined || this.#took.has(job_id)) return;
    this.#took.set(job_id, finished_at - started_at);
    const [oldest] = this.#took.keys();
    if (this.#took.size > SAMPLE && oldest !== undefined) this.#took.delete(oldest);
  }

  get #typicalSeconds(): number | undefined {
    const sorted = [...this.#took.values()].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  #current(): Promise<View> {
    if (this.#view && performance.now() < this.#freshUntil) return this.#view;
    // Who asks meanwhile shares this answer.
    this.#freshUntil = Number.POSITIVE_INFINITY;
    const started = performance.now();
    const view = this.#read();
    this.#view = view;
    view.then(
      () => {
        const now = performance.now();
        this.#freshUntil = now + Math.max(KEPT_MS, (now - started) * SHARE);
      },
      () => {
        this.#freshUntil = Number.NEGATIVE_INFINITY;
      },
    );
    return view;
  }

  async #read(): Promise<View> {
    const [ids, { processing }] = await Promise.all([
      this.#store.runnable({ now: nowSeconds(), limit: PLACES }),
      this.#store.counts(['processing']),
    ]);
    return { places: new Map(ids.map((id, index) => [id, index + 1])), running: processing };
  }
}

function withEstimate(status: JobStatus, seconds: number | undefined): JobStatus {
  const { progress, started_at } = status;
  if (!progress || started_at === undefined || seconds === undefined) return status;
  const left = Math.max(0, Math.round(seconds - (nowSeconds() - started_at)));
  return { ...status, progress: { ...progress, estimate_seconds: left } };
}
