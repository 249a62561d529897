import { readdirSync, readFileSync } from 'node:fs';

/** Hundredths of a second in which Linux counts the time of processes. */
const TICKS = 100;

/** CPU seconds of this process and of its children, those that live included. */
export function childrenSeconds(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1e6;
  const children = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (secondsOfChild(name) ?? []) : [],
  );
  return children.reduce((sum, seconds) => sum + seconds, own);
}

function secondsOfChild(pid: string): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (Number(fields[1]) !== process.pid) return undefined;
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}
