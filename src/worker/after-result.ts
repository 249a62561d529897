import { anySignal } from '../async/any-signal.js';
import { DEFAULTS } from '../defaults.js';
import type { AfterResult, SettledJob } from '../job/hooks.js';
import type { Logger } from '../job/logger.js';

/** Calls the hook, and waits for it until its time is up or the worker stops. Never rejects. */
export async function callAfterResult(
  hook: AfterResult,
  job: Omit<SettledJob, 'signal'>,
  { logger, stopping }: { logger: Logger; stopping?: AbortSignal },
): Promise<void> {
  const { job_id } = job.status;
  const time = AbortSignal.timeout(DEFAULTS.afterResultSeconds * 1000);
  const signal = stopping ? anySignal(time, stopping) : time;
  const call = async () => hook({ ...job, signal });
  const called = call().catch((err: unknown) => logger.error({ err, job_id }, 'The hook afterResult failed'));
  let onAbort = () => {};
  const late = new Promise<void>((resolve) => {
    onAbort = () => {
      logger.warn({ job_id }, 'The hook afterResult has not ended in time, and is not waited for');
      resolve();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  await Promise.race([called, late]);
  signal.removeEventListener('abort', onAbort);
}
