import type { Logger } from '../job/logger.js';
import type { JobStore } from '../store/job-store.js';

const FLUSH_AFTER_MS = 250;
const FLUSH_AT_BYTES = 64 * 1024;

export interface JobLogOptions {
  store: JobStore;
  id: string;
  /** Cap of the whole log. */
  maxBytes: number;
  /** Bytes that earlier attempts have left. */
  logged: number;
  logger: Logger;
}

/**
 * Collects what a job's programs print and adds it to the job's log in pieces, up to a limit. Lines are never kept longer than
 * a moment, and a log that cannot be written costs the log, not the job.
 */
export class JobLog {
  #pending = '';
  #left: number;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #maxBytes: number;
  readonly #append: (text: string) => Promise<void>;

  constructor({ store, id, maxBytes, logged, logger }: JobLogOptions) {
    this.#maxBytes = maxBytes;
    this.#left = Math.max(0, maxBytes - logged);
    this.#append = (text) =>
      store
        .appendLog(id, text)
        .catch((err) => logger.warn({ err, job_id: id }, 'The log of the job cannot be written'));
  }

  write(text: string): void {
    if (this.#left < 0) return;
    this.#left -= Buffer.byteLength(text);
    this.#pending +=
      this.#left < 0 ? `\n[The log is cut here: it has reached ${this.#maxBytes} bytes.]\n` : text;
    if (this.#pending.length >= FLUSH_AT_BYTES) this.#flush();
    else this.#flushSoon();
  }

  /** A line of our own among those of the programs; kept even when the log is cut. */
  note(line: string): void {
    this.#add(line);
    this.#flushSoon();
  }

  /** What is not written yet, with this line behind it, for the outcome of the job; all the rest is written when it resolves. */
  async end(line: string): Promise<string> {
    this.#add(line);
    const text = this.#takePending();
    await this.#writing;
    return text;
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #add(line: string): void {
    this.#pending += `[astro-jobs ${new Date().toISOString()}] ${line}\n`;
  }

  #takePending(): string {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = '';
    return text;
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS).unref();
  }

  #flush(): void {
    const text = this.#takePending();
    if (text !== '') this.#writing = this.#writing.then(() => this.#append(text));
  }
}
