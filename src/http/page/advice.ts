import { ERROR_TABLE } from '../../job/error-codes.js';

/** What a person can do about a failure. @param code of the status; another program may have written one that is not ours */
export function adviceFor(code: string | undefined): readonly string[] {
  const known = Object.entries(ERROR_TABLE).find(([name]) => name === code);
  return known?.[1].advice ?? ['Run it again. If it fails in the same way, the log below says more.'];
}
