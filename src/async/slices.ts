import { setImmediate } from 'node:timers/promises';

/** Long enough that little is lost by the changes, milliseconds. */
const SLICE_MS = 4;

/** Does work that pauses at each `yield` in slices of a few milliseconds, between which this thread can do other work. */
export async function inSlices<T>(work: Generator<undefined, T>): Promise<T> {
  for (;;) {
    await setImmediate();
    const end = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
  }
}

/** Does the same work in one go. */
export function atOnce<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
