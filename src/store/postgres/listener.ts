import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from '../../job/logger.js';
import type { Database } from './database.js';

const PROBE_MS = 30_000;

/**
 * LISTEN on a connection of its own, made anew whenever it breaks. What is said meanwhile is not heard: notifications
 * make listeners fast and nothing depends on them.
 */
export class ChangeListener {
  readonly #listeners = new Set<(id: string) => void>();
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;
  #stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  subscribe(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#running) {
      this.#stop = new AbortController();
      this.#running = this.#run(this.#stop.signal);
    }
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.close().catch(() => {});
    };
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#stop.abort();
    await this.#client?.end().catch(() => {});
    await running;
  }

  async #run(stop: AbortSignal): Promise<void> {
    let pause = 100;
    while (!stop.aborted) {
      try {
        await this.#listen(stop);
        pause = 100;
      } catch (error) {
        if (stop.aborted) return;
        this.logger.debug({ err: error }, 'Not listening to PostgreSQL; trying again');
        await sleep(pause, undefined, { signal: stop }).catch(() => {});
        pause = Math.min(pause * 2, 5000);
      }
    }
  }

  /** Resolves when told to stop; rejects when the connection is lost. */
  async #listen(stop: AbortSignal): Promise<void> {
    const client = await this.database.connect();
    this.#client = client;
    try {
      const ended = new Promise<void>((resolve) => {
        client.once('end', resolve);
        stop.addEventListener('abort', () => resolve(), { once: true });
      });
      client.on('notification', ({ payload }) => {
        for (const listener of this.#listeners) listener(payload ?? '');
      });
      await client.query(`listen ${this.database.tables.channel}`);
      let lost = false;
      ended.then(
        () => {
          lost = true;
        },
        () => {},
      );
      // A connection that is dead without saying so is found out by asking.
      while (!lost) {
        const timer = new AbortController();
        await Promise.race([ended, sleep(PROBE_MS, undefined, { signal: timer.signal }).catch(() => {})]);
        timer.abort();
        if (!lost) await client.query('select 1');
      }
      if (!stop.aborted) throw new Error('Connection ended');
    } finally {
      this.#client = undefined;
      await client.end().catch(() => {});
    }
  }
}
