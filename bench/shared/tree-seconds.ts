import { readdirSync, readFileSync } from 'node:fs';

/** Hundredths of a second in which Linux counts. */
const TICKS = 100;

interface Counted {
  parent: number;
  seconds: number;
}

function processes(): Map<number, Counted> {
  const all = new Map<number, Counted>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // proc(5): the first two fields are cut off; then ppid is the second, utime, stime, cutime and cstime are 12 to 15.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      all.set(Number(name), { parent: Number(fields[1]), seconds: ticks / TICKS });
    } catch {
      // It has ended meanwhile.
    }
  }
  return all;
}

/** CPU seconds of a process and all below it, those included that have ended and been waited for. Linux only. */
export function treeSeconds(root: number): number {
  const all = processes();
  const isBelow = (pid: number): boolean => {
    const parent = all.get(pid)?.parent ?? 0;
    return pid === root || (parent > 1 && isBelow(parent));
  };
  let seconds = 0;
  for (const [pid, counted] of all) if (isBelow(pid)) seconds += counted.seconds;
  return seconds;
}
