import { watch } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A folder that tells nothing of its changes, as over a network, is looked through so often. */
const POLL_MS = 10_000;

/** Resolves when something in the folder has changed, after `POLL_MS` at the latest. @throws the reason of `signal` */
export async function untilChanged(folder: string, recursive: boolean, signal: AbortSignal): Promise<void> {
  const enough = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
  try {
    for await (const _ of watch(folder, { recursive, signal: enough })) return;
  } catch (error) {
    signal.throwIfAborted();
    // No folder of this system can be watched any more: it is polled.
    if (!enough.aborted) await sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    else if ((error as Error).name !== 'AbortError') throw error;
  }
}

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
