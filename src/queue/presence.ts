import type { Logger } from '../job/logger.js';
import { thisWorker } from '../process/machine.js';
import type { WorkerList } from '../store/worker-list.js';

/** A worker says so often that it takes jobs, and is believed for so long. */
const [EVERY_MS, BELIEVED_SECONDS] = [10_000, 30];

export interface PresenceOptions {
  /** Undefined for a store that has no place for them. */
  workers: WorkerList | undefined;
  /** Jobs that this process runs side by side. */
  concurrency: number;
  logger: Logger;
}

/** Tells the store that this process takes jobs, so that operators see it also while it has none. Never rejects. */
export class Presence {
  readonly #options: PresenceOptions;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();
  #withdrawn = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** Says it now, and from now on every ten seconds. */
  begin(): void {
    if (this.#timer || this.#withdrawn || !this.#options.workers) return;
    this.#timer = setInterval(() => this.#announce(), EVERY_MS).unref();
    this.#announce();
  }

  async end(): Promise<void> {
    if (this.#withdrawn) return;
    this.#withdrawn = true;
    if (!this.#timer) return;
    clearInterval(this.#timer);
    await this.#telling;
    await this.#options.workers?.withdraw(this.#notice).catch(() => {});
  }

  #announce(): void {
    const { workers, logger } = this.#options;
    this.#telling = this.#telling
      .then(() => workers?.announce(this.#notice, BELIEVED_SECONDS))
      .catch((err: unknown) => logger.debug({ err }, 'The worker cannot be announced; trying again soon'));
  }

  get #notice() {
    return { ...thisWorker(), concurrency: this.#options.concurrency };
  }
}
