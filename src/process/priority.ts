import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets other processes come first, by so much of the nice value: what computes for long must not keep those waiting who answer requests.
 * What this process starts afterwards inherits it.
 */
export function lowerPriority(by: number): void {
  const to = Math.min(getPriority() + by, constants.priority.PRIORITY_LOW);
  // On Linux a priority is that of a thread, and Node has some before its program begins.
  for (const thread of threads()) {
    try {
      setPriority(thread, to);
    } catch {}
  }
}

function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}
