import { AstroJobsError } from '../job/errors.js';

/** @throws AstroJobsError `invalid_params` unless the cursor of a page has the form that this store gives them */
export function assertCursor(after: string | undefined, form: RegExp): void {
  if (after === undefined || form.test(after)) return;
  throw new AstroJobsError('invalid_params', 'Expected `after` to be the `next` of an earlier page');
}
