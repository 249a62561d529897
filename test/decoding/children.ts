import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the children of a process that read images. */
export function decoderChildren(parent: number = process.pid): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isDecoderOf(pid, parent));
}

function isDecoderOf(pid: number, parent: number): boolean {
  try {
    const [, parentPid] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return (
      Number(parentPid) === parent &&
      readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('decoder-process.js')
    );
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** Whether a process is there, and no zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** Resident memory of a process; 0 where it is not there. */
export function residentBytes(pid: number): number {
  try {
    return (
      1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
    );
  } catch {
    return 0;
  }
}

/** Processor time that a process has taken, hundredths of a second; 0 of one that has gone. */
export function processorTicks(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it may hold spaces; utime and stime are the fields 14 and 15 of all.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

/** The nice value of each thread of a process. */
export function niceValues(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}
