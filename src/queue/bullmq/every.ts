import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../job/logger.js';
import { inTime } from './in-time.js';

const PATIENCE_MS = 15_000;

/** Does `work` now and with pauses of `ms`, until `signal` is aborted; never rejects. */
export async function every(
  ms: number,
  work: () => Promise<unknown>,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  let failed = false;
  while (!signal.aborted) {
    try {
      await inTime(Math.max(ms, PATIENCE_MS), work());
      failed = false;
    } catch (err) {
      // Said aloud once: an outage is long, but what never works must not go unseen.
      logger[failed ? 'debug' : 'warn']({ err }, 'Housekeeping of the queue failed; trying again');
      failed = true;
    }
    await sleep(ms, undefined, { signal, ref: false }).catch(() => {});
  }
}
