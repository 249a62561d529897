import { nextTask } from './next-task.js';

/** Longest stretch of work between two breaths of the event loop, milliseconds. */
const STRETCH_MS = 12;

/**
 * What long work awaits again and again, so that the event loop goes on: nothing until it has held that up for some milliseconds.
 * @throws `signal.reason`
 */
export function breather(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < STRETCH_MS) return;
    await nextTask();
    signal?.throwIfAborted();
    since = performance.now();
  };
}
