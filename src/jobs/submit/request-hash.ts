import { createHash } from 'node:crypto';
import { safeFileName } from '../../job/safe-name.js';
import type { Asked } from '../../job/transitions.js';
import type { CheckedSubmitOptions } from './options.js';

/** The members of an object in one order, whatever order they came in. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * A hash of all that a caller asks for beside the image: of a request that is repeated it is the same, though a hook of the host or the
 * worker has changed the job meanwhile.
 */
export function requestHash(
  { params }: Asked,
  filename: string,
  { tags = [], metadata = {}, exports = [], priority = 0, delaySeconds = 0 }: CheckedSubmitOptions,
): string {
  const asked = { params, filename: safeFileName(filename), tags, metadata, exports, priority, delaySeconds };
  return createHash('sha256').update(JSON.stringify(asked, inOrder)).digest('hex');
}
