import { setTimeout as sleep } from 'node:timers/promises';

/** Tells one waiting loop that there may be something to do. A signal that comes while it is busy is kept. */
export class Signal {
  #raised = false;
  #tell = () => {};

  raise(): void {
    this.#raised = true;
    this.#tell();
  }

  get isRaised(): boolean {
    return this.#raised;
  }

  /** To be called before looking, so that what comes while one looks is not missed. */
  lower(): void {
    this.#raised = false;
  }

  /** Resolves when it is raised, at once if it is already, or after `ms`. */
  async within(ms: number): Promise<void> {
    if (this.#raised) return;
    const timer = new AbortController();
    const raised = new Promise<void>((resolve) => {
      this.#tell = resolve;
    });
    await Promise.race([raised, sleep(ms, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }
}
