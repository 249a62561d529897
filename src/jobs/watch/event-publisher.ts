import type { JobEmitter } from '../../job/events.js';
import { isSettled, type JobStatus } from '../../job/status.js';
import type { JobWatcher } from './job-watcher.js';

/** Jobs that are remembered for a listener that may still come; older ones are forgotten. */
const REMEMBERED = 10_000;

/** Turns the changes of jobs into events, as long as there is a listener. */
export class EventPublisher {
  readonly #emitter: JobEmitter;
  readonly #watcher: JobWatcher;
  /** Unsettled jobs whose events are to be emitted. */
  readonly #jobs = new Set<string>();
  readonly #followed = new Set<string>();

  constructor(emitter: JobEmitter, watcher: JobWatcher) {
    this.#emitter = emitter;
    this.#watcher = watcher;
  }

  /** From now on the events of this job are emitted. */
  add(status: JobStatus): void {
    this.#jobs.add(status.job_id);
    if (this.#jobs.size > REMEMBERED && !this.#emitter.isHeard) {
      const [oldest] = this.#jobs;
      if (oldest !== undefined) this.#jobs.delete(oldest);
    }
    this.#emitter.emit('queued', status);
    this.follow();
  }

  /** To be called when a listener was added. */
  follow(): void {
    if (!this.#emitter.isHeard) return;
    for (const id of this.#jobs) if (!this.#followed.has(id)) this.#follow(id);
  }

  #follow(id: string): void {
    this.#followed.add(id);
    let before: JobStatus | undefined;
    this.#watcher.follow(id, (status) => {
      if (!status || isSettled(status)) {
        this.#jobs.delete(id);
        this.#followed.delete(id);
      }
      if (status) this.#tell(status, before);
      before = status;
    });
  }

  #tell(status: JobStatus, before: JobStatus | undefined): void {
    const emitter = this.#emitter;
    if (status.state === 'queued' && before?.state === 'processing') emitter.emit('queued', status);
    if (status.state === 'processing') {
      const taken = before?.state !== 'processing' || before.attempts !== status.attempts;
      if (taken) emitter.emit('processing', status);
      const moved = JSON.stringify(before?.progress) !== JSON.stringify(status.progress);
      if (status.progress && (taken || moved)) emitter.emit('progress', status);
    }
    if (isSettled(status)) {
      emitter.emit(status.state === 'done' ? 'done' : 'failed', status);
      emitter.emit('settled', status);
    }
  }
}
