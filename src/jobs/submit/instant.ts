import { nowSeconds } from '../../job/status.js';

/** Numbers of this size are a quarter of a microsecond apart, and markers are named by whole ones. */
const STEP = 2e-6;
let last = 0;

/**
 * Now, in Unix seconds, and a little later than any instant given before: so those who came within one
 * millisecond keep their order in the queue. Follows the clock when it is set back.
 */
export function nextInstant(): number {
  const now = nowSeconds();
  last = last - now > 1 ? now : Math.max(now, last + STEP);
  return last;
}
