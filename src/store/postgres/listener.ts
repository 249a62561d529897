import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { settledWithin } from '../../async/settled-within.js';
import { DEFAULTS } from '../../defaults.js';
import type { Logger } from '../../job/logger.js';
import type { Database } from './database.js';

const PROBE_MS = 30_000;

/**
 * LISTEN on a connection of its own, made anew whenever it breaks. What is said meanwhile is not heard: notifications
 * make listeners fast and nothing depends on them.
 */
export class ChangeListener {
  readonly #listeners = new Set<(id: string) => void>();
  #running: { done: Promise<void>; stop: AbortController } | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  subscribe(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#running) {
      const stop = new AbortController();
      this.#running = { done: this.#run(stop.signal), stop };
    }
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.close().catch(() => {});
    };
  }

  /** Never rejects, and does not wait for a server that does not answer. */
  async close(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.stop.abort();
    await settledWithin(DEFAULTS.goodbyeMs / 2, running.done);
  }

  async #run(stop: AbortSignal): Promise<void> {
    for (let pauseMs = 100; !stop.aborted && !this.database.closed; pauseMs = Math.min(pauseMs * 2, 5000)) {
      try {
        const client = await this.database.connect();
        try {
          await this.#listen(client, stop);
          pauseMs = 100;
        } finally {
          await client.end().catch(() => {});
        }
      } catch (err) {
        if (stop.aborted) return;
        this.logger.debug({ err }, 'Not listening to PostgreSQL; trying again');
        await sleep(pauseMs, undefined, { signal: stop, ref: false }).catch(() => {});
      }
    }
  }

  /** Resolves when told to stop, rejects when the connection is lost; `stop` may have been aborted while it was made. */
  async #listen(client: pg.Client, stop: AbortSignal): Promise<void> {
    const over = new AbortController();
    const end = () => over.abort();
    client.once('end', end);
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    client.on('notification', ({ payload }) => {
      for (const listener of this.#listeners) listener(payload ?? '');
    });
    try {
      if (!over.signal.aborted) await client.query(`listen ${this.database.tables.channel}`);
      while (!over.signal.aborted) {
        // A connection that is dead without saying so is found out by asking.
        await sleep(PROBE_MS, undefined, { signal: over.signal }).catch(() => {});
        if (!over.signal.aborted) await client.query('select 1');
      }
    } finally {
      stop.removeEventListener('abort', end);
    }
    if (!stop.aborted) throw new Error('The connection ended');
  }
}
