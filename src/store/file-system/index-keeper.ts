import type { Documents } from './documents.js';
import { type KeptIndex, readIndex, writeIndex } from './index-file.js';
import type { IndexedJobs } from './indexed-jobs.js';

/** The index is kept for other processes when so many jobs, and one in so many, have changed in it; not too often. */
const [KEEP_AFTER, KEEP_SHARE, KEEP_EVERY_MS] = [64, 500, 30_000];

/** Keeps the index of a jobs directory from one process to the next. */
export class IndexKeeper {
  readonly #documents: Documents;
  #keeping = Promise.resolve();
  #keptAt = Number.NEGATIVE_INFINITY;
  /** The time of the directory that is kept with the index: whoever finds it unchanged need not read it. */
  #directoryChanged = Number.NaN;
  #closed = false;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** What another process has kept; undefined when there is nothing that can be used. */
  async load(): Promise<KeptIndex | undefined> {
    const kept = await readIndex(this.#documents.layout);
    if (kept) this.#directoryChanged = kept.directoryChanged;
    return kept;
  }

  /**
   * Keeps it where that is worth it; not after `close`.
   * @param directoryChanged when the jobs directory was last changed, milliseconds, if these are all jobs that it had then; else `NaN`
   */
  keep(jobs: IndexedJobs, directoryChanged: number): Promise<void> {
    if (!this.#closed) this.#keeping = this.#keeping.then(() => this.#keepNow(jobs, directoryChanged));
    return this.#keeping;
  }

  /** Keeps it for the last time, however short a time ago it was kept. */
  close(jobs: IndexedJobs, directoryChanged: number): Promise<void> {
    const kept = this.keep(jobs, directoryChanged);
    this.#closed = true;
    return kept;
  }

  async #keepNow(jobs: IndexedJobs, changed: number): Promise<void> {
    const now = performance.now();
    // Strays are not kept: they are found by reading the directory.
    const directoryChanged = jobs.strays().size === 0 ? changed : Number.NaN;
    const isDirectoryNew = !Number.isNaN(directoryChanged) && directoryChanged !== this.#directoryChanged;
    const isWorthKeeping =
      jobs.changes >= Math.max(KEEP_AFTER, jobs.size / KEEP_SHARE) ||
      (isDirectoryNew && jobs.size >= KEEP_AFTER);
    if (!isWorthKeeping || (!this.#closed && now - this.#keptAt < KEEP_EVERY_MS)) return;
    this.#keptAt = now;
    jobs.changes = 0;
    this.#directoryChanged = directoryChanged;
    const { layout, modes } = this.#documents;
    await writeIndex(layout, { rows: jobs.toKeep(), directoryChanged }, modes.file);
  }
}
