import { within } from '../../async/within.js';
import { AstroJobsError } from '../../job/errors.js';

/** What the engine answers, if it does so within `ms`. @throws AstroJobsError `storage_failed` when it is late */
export function inTime<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = () => new AstroJobsError('storage_failed', `The queue did not answer within ${ms / 1000} s`);
  return within(ms, answer, late);
}
