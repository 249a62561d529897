import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePath } from '../process/folders.js';
import { isDeadHere, thisWorker } from '../process/machine.js';

/** Loaded when it is called for: most programs that import this library never ask for a lock. */
const loadLockfile = async () => (await import('proper-lockfile')).default;

/** A runner that has not touched its lock for so long is dead, milliseconds. */
const RUNNER_STALE_MS = 5000;

/** Where the runner of this host says that it lives. One runner a host: a jobs directory may be on a shared volume. */
export function runnerFiles(dir: string) {
  const folder = join(dir, '.astro-jobs');
  const name = `runner-${thisWorker().host.replace(/[^\w.-]/g, '_')}`;
  return {
    folder,
    lock: join(folder, `${name}.lock`),
    identity: join(folder, `${name}.json`),
    log: join(folder, `${name}.log`),
  };
}

/** Whether a process of this host runs the jobs of a jobs directory. */
export async function isRunnerAlive(dir: string): Promise<boolean> {
  const { folder, lock } = runnerFiles(dir);
  const lockfile = await loadLockfile();
  const held = await lockfile.check(folder, { lockfilePath: lock, realpath: false, stale: RUNNER_STALE_MS });
  // A lock outlives a killed holder for some seconds. A second runner waits for it, the caller must not.
  return held && !isDeadHere(await holderOf(dir));
}

/** That process; undefined also for one that has not said yet who it is. */
export async function liveRunner(dir: string): Promise<WorkerIdentity | undefined> {
  // Where no runner has ever been there is no folder for its lock.
  const alive = await isRunnerAlive(dir).catch(() => false);
  return alive ? holderOf(dir) : undefined;
}

type WorkerIdentity = ReturnType<typeof thisWorker>;

function holderOf(dir: string): Promise<WorkerIdentity | undefined> {
  return readFile(runnerFiles(dir).identity, 'utf8').then(JSON.parse, () => undefined);
}

export interface RunnerLockOptions {
  /** How often to ask again while another runner lives. */
  retries: number;
  /** The lock is gone, for instance after a long sleep, and another runner may have it. */
  onLost(error: Error): void;
}

/**
 * Tells every caller on this host that the jobs of a jobs directory have a runner: this process. Undefined when another one
 * lives; otherwise how to let go. Nothing rests on it but how many solvers run: jobs have leases of their own.
 */
export async function holdRunnerLock(
  dir: string,
  { retries, onLost }: RunnerLockOptions,
): Promise<(() => Promise<void>) | undefined> {
  const { folder, lock, identity } = runnerFiles(dir);
  await makePath(folder, 0o700);
  const lockfile = await loadLockfile();
  try {
    const release = await lockfile.lock(folder, {
      lockfilePath: lock,
      realpath: false,
      stale: RUNNER_STALE_MS,
      update: RUNNER_STALE_MS / 4,
      retries: { retries, factor: 1, minTimeout: RUNNER_STALE_MS / 8 },
      onCompromised: onLost,
    });
    await writeFile(identity, JSON.stringify(thisWorker()), { mode: 0o600 });
    return () => release().catch(() => {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}
