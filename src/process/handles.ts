import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { toAstroJobsError } from '../job/errors.js';

/** More than the pipes of a child take. */
const HANDLES = 16;

/** Without handles for its pipes, Node emits the failure of a child before a listener can be added, and that ends the host. */
export function assertHandles(program: string): void {
  const handles: number[] = [];
  try {
    while (handles.length < HANDLES) handles.push(openSync('/dev/null', 'r'));
  } catch (error) {
    throw toAstroJobsError(error, `Starting ${basename(program)}`);
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
