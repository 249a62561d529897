import type { WorkerList, WorkerNotice } from './worker-list.js';

const keyOf = ({ host, pid, machine }: WorkerNotice) => JSON.stringify([host, pid, machine]);

/** The workers on jobs in the memory of this process. */
export class MemoryWorkerList implements WorkerList {
  readonly #workers = new Map<string, { worker: WorkerNotice; untilMs: number }>();

  async announce(worker: WorkerNotice, seconds: number): Promise<void> {
    this.#workers.set(keyOf(worker), { worker: { ...worker }, untilMs: performance.now() + seconds * 1000 });
  }

  async withdraw(worker: WorkerNotice): Promise<void> {
    this.#workers.delete(keyOf(worker));
  }

  async list(): Promise<WorkerNotice[]> {
    for (const [key, { untilMs }] of this.#workers)
      if (untilMs <= performance.now()) this.#workers.delete(key);
    return [...this.#workers.values()].map(({ worker }) => ({ ...worker }));
  }
}
