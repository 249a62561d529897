import { createHash, randomUUID } from 'node:crypto';
import { AstroJobsError } from './errors.js';

/** Ours are UUID v4; of what another program has put into a jobs directory only the form is asked. */
const JOB_ID = /^[0-9a-f]{32}$/;

/** A new job id: a UUID v4 as 32 lower-case hex digits. */
export function newJobId(): string {
  return randomUUID().replaceAll('-', '');
}

/** The same key always gives the same id (UUID v4 in form), so a repeated submit meets its first job. */
export function jobIdForKey(key: string): string {
  const hex = createHash('sha256').update('astro-jobs:').update(key).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`;
}

/** Whether a text is a job id: 32 lower-case hex digits. */
export function isJobId(value: unknown): value is string {
  return typeof value === 'string' && JOB_ID.test(value);
}

/** @throws AstroJobsError `invalid_id` for anything but 32 lower-case hex digits; so no id is ever a path. */
export function assertJobId(value: unknown): string {
  if (isJobId(value)) return value;
  throw new AstroJobsError(
    'invalid_id',
    'Expected a job id of 32 lower-case hex digits (a UUID without dashes)',
  );
}
