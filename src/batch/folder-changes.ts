import { type FSWatcher, watch } from 'node:fs';
import { relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anySignal } from '../async/any-signal.js';

/** A folder that tells nothing of its changes, as over a network, is looked through so often. */
const POLL_MS = 10_000;

/** Says when something in a folder may have changed: at once where the system tells, and every ten seconds. */
export class FolderChanges implements Disposable {
  #watcher: FSWatcher | undefined;
  #hasChanged = false;
  #hear: () => void = () => {};

  /** @param without a folder inside whose changes are of no interest */
  constructor(folder: string, { recursive, without }: { recursive: boolean; without: string }) {
    const left = relative(folder, without).split(sep)[0];
    try {
      this.#watcher = watch(folder, { recursive }, (_, name) => {
        if (name !== null && name.split(sep)[0] === left) return;
        this.#hasChanged = true;
        this.#hear();
      });
      this.#watcher.on('error', () => this[Symbol.dispose]());
    } catch {
      // As many folders are watched as the system allows: this one is polled.
    }
  }

  /** Resolves at once where something has changed since it was called last. @throws the reason of `signal` */
  async next(signal: AbortSignal): Promise<void> {
    const heard = new AbortController();
    this.#hear = () => heard.abort();
    if (!this.#hasChanged)
      await sleep(POLL_MS, undefined, { signal: anySignal(signal, heard.signal) }).catch(() => {});
    this.#hear = () => {};
    this.#hasChanged = false;
    signal.throwIfAborted();
  }

  [Symbol.dispose](): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}
