import { anySignal } from '../async/any-signal.js';
import { AstroJobsError } from '../job/errors.js';

/** What is made of an image on demand has no timeout of a job, seconds. */
const SECONDS = 60;

/** Aborted when `signal` is, and after a minute, with an AstroJobsError `timeout`. */
export function patience(signal?: AbortSignal): AbortSignal {
  const late = new AbortController();
  const reason = new AstroJobsError('timeout', `The image was not read within ${SECONDS} s`);
  setTimeout(() => late.abort(reason), SECONDS * 1000).unref();
  return signal ? anySignal(signal, late.signal) : late.signal;
}
