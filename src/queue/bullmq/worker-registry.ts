import { randomUUID } from 'node:crypto';
import { thisWorker } from '../../process/machine.js';
import type { Coverage } from '../../solver/indexes/coverage.js';

/** At most `max` jobs of one key start within any `seconds`. */
export interface KeyRateLimit {
  /** Jobs that may start in that time. */
  max: number;
  /** The time, seconds. */
  seconds: number;
}

/** A name that no other worker has; it says which process it is. */
export function workerName(): string {
  const { host, pid } = thisWorker();
  return `${host}/${pid}/${randomUUID()}`;
}

/** The process of that name; undefined for a name of another form. */
export function processOf(worker: string): { host: string; pid: number } | undefined {
  const [, host, pid] = /^(.+)\/(\d+)\/[^/]+$/.exec(worker) ?? [];
  return host === undefined ? undefined : { host, pid: Number(pid) };
}

/** A worker process that lives, and the name of its class: workers with equal coverage are of one class. */
export interface WorkerNotice {
  worker: string;
  kind: string;
  coverage: Coverage;
}

/** The little that processes must know of one another and that the engine does not keep; in keys or tables of our own. */
export interface WorkerRegistry {
  /** Takes the next free instant of a key; resolves with the seconds until then. The first `max` are free at once. */
  reserve(key: string, limit: KeyRateLimit): Promise<number>;
  /** Forgotten after `seconds` unless it is said again. */
  announce(notice: WorkerNotice, seconds: number): Promise<void>;
  withdraw(worker: string): Promise<void>;
  workers(): Promise<WorkerNotice[]>;
  close(): Promise<void>;
}
