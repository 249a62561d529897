import { setFlagsFromString } from 'node:v8';

/** V8 collects garbage before the heap has grown by 40 % of what is in use. */
export const SMALL_HEAP = '--heap-growing-percent=40';

/** For a program of ours that answers for weeks, not for a host's process: left to itself V8 lets a heap grow to several times what is in use. */
export function keepHeapSmall(): void {
  setFlagsFromString(SMALL_HEAP);
}
