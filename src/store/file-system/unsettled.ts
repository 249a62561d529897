import { isDeadHere } from '../../process/machine.js';
import type { RunnableOptions } from '../job-store.js';
import { countClients, inFairOrder } from '../order.js';
import type { Documents } from './documents.js';
import {
  addMarker,
  clientName,
  dropOrphanedMarker,
  dropQueuedMarker,
  dropRunningMarker,
  queuedMarkers,
  runningMarkers,
} from './markers.js';
import { unlessMissing } from './missing.js';

/** A waiting job is read again after so long, milliseconds: whoever claims it reads it anyway. */
const BELIEVED_MS = 5000;
const MOST_BELIEVED = 20_000;

/** Jobs that wait or run, found by their markers; a marker that its job's documents contradict is corrected on the way. */
export class UnsettledJobs {
  readonly #documents: Documents;
  /** Markers of waiting jobs that were found true, and when, by `performance.now()`. */
  readonly #believed = new Map<string, number>();

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** See `JobStore.runnable`. */
  async runnable({ now, limit, served = [] }: RunnableOptions): Promise<string[]> {
    const { layout, modes } = this.#documents;
    const ids: string[] = [];
    const running = await this.#running();
    const clients: string[] = [];
    this.#documents.keepRenewalsOf(running);
    for (const id of running) {
      const record = await this.#documents.read(id).catch(() => undefined);
      if (record?.status.state !== 'processing') {
        if (record) await addMarker(layout, record.status, modes.file);
        await dropRunningMarker(layout, id);
        continue;
      }
      clients.push(clientName(record.status.rate_key));
      if ((record.leaseRemaining ?? 0) <= 0 || isDeadHere(record.status.worker)) ids.push(id);
    }
    const due = (await this.#queued()).filter(({ dueAt = now }) => dueAt <= now);
    const service = { running: countClients(clients), served: served.map(clientName) };
    for (const marker of inFairOrder(due, service)) {
      if (ids.length >= limit) break;
      if (this.#isBelieved(marker.file)) {
        ids.push(marker.id);
        continue;
      }
      const record = await this.#documents.read(marker.id).catch(() => undefined);
      if (record?.status.state === 'queued') {
        this.#believe(marker.file);
        ids.push(marker.id);
      } else if (record) {
        await addMarker(layout, record.status, modes.file);
        await dropQueuedMarker(layout, marker);
      } else await dropOrphanedMarker(layout, marker);
    }
    return ids.slice(0, limit);
  }

  /** Ids of all of them, and perhaps of some that were settled this moment. */
  async ids(): Promise<string[]> {
    const queued = await this.#queued();
    return [...new Set([...queued.map((marker) => marker.id), ...(await this.#running())])];
  }

  /** Counted without opening a document. */
  async counts(): Promise<{ queued: number; processing: number }> {
    const running = new Set(await this.#running());
    const queued = new Set((await this.#queued()).map(({ id }) => id));
    return { queued: [...queued].filter((id) => !running.has(id)).length, processing: running.size };
  }

  #isBelieved(file: string): boolean {
    return performance.now() - (this.#believed.get(file) ?? Number.NEGATIVE_INFINITY) < BELIEVED_MS;
  }

  #believe(file: string): void {
    this.#believed.delete(file);
    this.#believed.set(file, performance.now());
    const [oldest] = this.#believed.keys();
    if (this.#believed.size > MOST_BELIEVED && oldest !== undefined) this.#believed.delete(oldest);
  }

  /** Before the first job of a directory there are no folders of markers. */
  #running() {
    return unlessMissing(runningMarkers(this.#documents.layout), []);
  }

  #queued() {
    return unlessMissing(queuedMarkers(this.#documents.layout), []);
  }
}
