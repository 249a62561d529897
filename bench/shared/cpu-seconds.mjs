import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Hundredths of a second in which Linux counts the children's time, whatever its clock. */
const TICKS = 100;

/** CPU seconds of the children that a process has waited for; 0 where there is no `/proc`. */
function childrenOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    // cutime and cstime, fields 16 and 17 of proc(5); the first two are cut off.
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    return 0;
  }
}

/** CPU seconds of this process and, on Linux, of its children and of those that they left behind when they were killed (`reap.py`). */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childrenOf('self') + orphanSeconds();
}

/** CPU seconds of what killed processes left behind so far; 0 unless `reap.py` runs the measurement. */
export function orphanSeconds() {
  const reaper = process.env.BENCH_REAPER;
  return reaper ? childrenOf(reaper) : 0;
}

/** Waits until what was killed has ended and been waited for, so that its CPU time is counted where it belongs. */
export async function settle() {
  const reaper = process.env.BENCH_REAPER;
  for (let round = 0; round < 40; round++) {
    await sleep(50);
    // The measurement itself is the reaper's only child of its own.
    if (
      !reaper ||
      readFileSync(`/proc/${reaper}/task/${reaper}/children`, 'utf8').trim().split(' ').length <= 1
    )
      return;
  }
}

/** Wall and CPU seconds of some work in this process. */
export async function timed(work) {
  const before = cpuSeconds();
  const started = performance.now();
  const result = await work();
  const wall_s = (performance.now() - started) / 1000;
  await settle();
  return { result, wall_s, cpu_s: cpuSeconds() - before };
}
