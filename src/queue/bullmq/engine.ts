import type { JobsOptions } from 'bullmq';
import type { Logger } from '../../job/logger.js';
import type { FieldRange } from '../../solver/indexes/coverage.js';
import type { WorkerRegistry } from './worker-registry.js';

/** What the engine carries: whose job, and how wide its field is; everything else is in the store. */
export interface Ticket {
  id: string;
  field?: FieldRange;
}

/** What we use of BullMQ's `Job`, `Queue`, `Worker` and `QueueEvents`, whichever database is below. */
export interface EngineJob {
  id?: string;
  data: Ticket;
  opts: JobsOptions;
  extendLock(token: string, durationMs: number): Promise<number>;
  moveToCompleted(value: null, token: string, fetchNext: false): Promise<unknown>;
  moveToDelayed(timestampMs: number, token: string): Promise<void>;
  updateProgress(progress: number): Promise<void>;
}

export interface EngineQueue {
  add(name: string, ticket: Ticket, options: JobsOptions): Promise<unknown>;
  getJob(jobId: string): Promise<{ data: Ticket } | undefined>;
  getJobState(jobId: string): Promise<string>;
  getJobCounts(
    ...states: ('waiting' | 'prioritized' | 'delayed' | 'active')[]
  ): Promise<Record<string, number>>;
  remove(jobId: string): Promise<number>;
  close(): Promise<void>;
}

export interface EngineWorker {
  getNextJob(token: string): Promise<EngineJob | undefined>;
  /** Jobs whose lock has ended wait again; which they are. */
  recoverStalled(): Promise<string[]>;
  close(): Promise<void>;
}

export interface EngineEvents {
  listen(listener: (jobId: string, event: string) => void): void;
  close(): Promise<void>;
}

/** BullMQ on one database. Its parts are handed out when they are connected; after a rejection one asks for a new one. */
export interface Engine {
  registry: WorkerRegistry;
  queue(name: string): Promise<EngineQueue>;
  worker(name: string, lockMs: number): Promise<EngineWorker>;
  events(name: string): Promise<EngineEvents>;
  /** Why the last connection could not be made, while none can. */
  problem(): Error | undefined;
  /** Cuts all connections, also those that are only being made; parts should be closed before. */
  close(): void;
}

export interface EngineOptions {
  /** `redis://`, `rediss://`, `valkey://` or `postgres://`. */
  url: string;
  /** In front of our own keys; schema of our own tables. */
  ownPrefix: string;
  /** In front of the engine's keys; schema of its tables. */
  enginePrefix: string;
  logger: Logger;
}

/** The stream of events is not read before `asEvents` says so. */
export const EVENT_OPTIONS = { autorun: false };

/** How long the engine's lock is held without renewal, and how often lost ones are looked for. */
export function workerOptions(lockMs: number) {
  return {
    autorun: false,
    lockDuration: lockMs,
    // A dead worker's lock is noticed at the second check after its end at the latest.
    stalledInterval: stalledCheckMs(lockMs),
    // How often a job may lose its worker is counted in the store, apart from this.
    maxStalledCount: 1_000_000,
  };
}

/** Whole milliseconds: the engines' scripts refuse fractions. */
export function stalledCheckMs(lockMs: number): number {
  return Math.max(100, Math.round(lockMs / 12));
}

const EVENTS = ['added', 'waiting', 'active', 'progress', 'completed', 'delayed'] as const;

/** BullMQ's PostgreSQL parts remember for ever that their first connection failed; such a part is thrown away. */
export async function ready<T extends { waitUntilReady(): Promise<unknown>; close(): Promise<unknown> }>(
  part: T,
): Promise<T> {
  try {
    await part.waitUntilReady();
    return part;
  } catch (error) {
    await part.close().catch(() => {});
    throw error;
  }
}

interface EventSource {
  run(): Promise<void>;
  on(event: (typeof EVENTS)[number], listener: (args: { jobId: string }) => void): unknown;
  close(): Promise<void>;
}

export function asEvents(events: EventSource, onError: (error: unknown) => void): EngineEvents {
  void events.run().catch(onError);
  return {
    listen: (listener) => {
      for (const event of EVENTS) events.on(event, ({ jobId }) => listener(jobId, event));
    },
    close: () => events.close(),
  };
}

interface JobSource {
  getNextJob(token: string, options: { block: false }): Promise<EngineJob | undefined>;
  getBackend(): { moveStalledJobsToWait(): Promise<string[]> };
  close(): Promise<void>;
}

export function asWorker(worker: JobSource): EngineWorker {
  return {
    getNextJob: (token) => worker.getNextJob(token, { block: false }),
    recoverStalled: () => worker.getBackend().moveStalledJobsToWait(),
    close: () => worker.close(),
  };
}
