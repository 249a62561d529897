import { abortable } from '../../async/abortable.js';
import { settledWithin } from '../../async/settled-within.js';
import { inTime } from './in-time.js';

const PATIENCE_MS = 5000;
/** While no connection has failed, it may be this machine that has too much to do: a worker must not die of that when it starts. */
const BUSY_PATIENCE_MS = 30_000;

/**
 * Waits for what an engine answers first: 5 s, or 30 s where no connection has failed by then.
 * @param problem why the last connection could not be made
 * @throws AstroJobsError `storage_failed` when it is late; the signal's reason when the queue is closed
 */
export async function firstAnswer(
  asked: Promise<void>,
  { closing, problem }: { closing: AbortSignal; problem(): Error | undefined },
): Promise<void> {
  const answer = abortable(asked, closing);
  const isLate = !(await settledWithin(PATIENCE_MS, answer));
  await inTime(isLate && !problem() ? BUSY_PATIENCE_MS - PATIENCE_MS : 0, answer);
}
