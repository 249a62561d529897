import { readFileSync } from 'node:fs';

/**
 * What Linux has counted of the first thread of a process, in which JavaScript runs: milliseconds for which it computed, and for which it
 * could have but no processor was free.
 */
export function scheduled(pid = process.pid) {
  const [computed = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')
    .split(' ')
    .map((nanoseconds) => Number(nanoseconds) / 1e6);
  return { computed, waited };
}
