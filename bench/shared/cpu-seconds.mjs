import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Hundredths of a second in which Linux counts the children's time, whatever its clock. */
const TICKS = 100;

/** CPU seconds of this process and, on Linux, of the children it has waited for; elsewhere its own alone. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  let children = 0;
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
    // cutime and cstime, fields 16 and 17 of proc(5); the first two are cut off.
    children = (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    // No Linux.
  }
  return (user + system) / 1e6 + children;
}

/** Wall and CPU seconds of some work in this process. Attempts that are still being ended when it resolves count as CPU time. */
export async function timed(work) {
  const before = cpuSeconds();
  const started = performance.now();
  const result = await work();
  const wall_s = (performance.now() - started) / 1000;
  await sleep(60);
  return { result, wall_s, cpu_s: cpuSeconds() - before };
}
