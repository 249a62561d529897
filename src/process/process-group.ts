import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Groups that are alive, so that a host that exits does not leave solvers behind. */
const live = new Set<number>();

function killAll(): void {
  for (const pid of live) signalGroup(pid, 'SIGKILL');
}

/** Until the returned function is called, the group is killed when this process exits. */
export function rememberGroup(pid: number): () => void {
  if (live.size === 0) process.once('exit', killAll);
  live.add(pid);
  return () => {
    live.delete(pid);
    if (live.size === 0) process.removeListener('exit', killAll);
  };
}

/** Signals every process of a group; false when no process is left in it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (thrown) {
    // EPERM: a process is there that changed its user; there is nothing more that we may do about it.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Ends a process group: TERM, and KILL when `killAfterMs` have passed (at once when 0). Resolves when no process is left, or
 * after two seconds of KILL, which only a process stuck in the kernel survives.
 */
export async function endGroup(pid: number, killAfterMs: number): Promise<void> {
  if (killAfterMs > 0) {
    signalGroup(pid, 'SIGTERM');
    if (await isGone(pid, killAfterMs)) return;
  }
  if (!signalGroup(pid, 'SIGKILL')) return;
  await isGone(pid, 2000);
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let pauseMs = 1; signalGroup(pid, 0); pauseMs = Math.min(pauseMs * 2, 50)) {
    if (performance.now() >= deadline) return false;
    // In a container without an init orphans are not reaped: what is left may be dead already.
    if (pauseMs >= 32 && (await onlyZombies(pid))) return true;
    await sleep(pauseMs);
  }
  return true;
}

/** Whether every process of the group has ended and only waits to be reaped; false where there is no `/proc`. */
async function onlyZombies(group: number): Promise<boolean> {
  const names = await readdir('/proc').catch((): string[] => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')),
  );
  const members = states
    .map((line) => line.slice(line.lastIndexOf(')') + 2).split(' '))
    .filter(([, , processGroup]) => processGroup === String(group));
  return pids.length > 0 && members.every(([state]) => state === 'Z' || state === 'X');
}
