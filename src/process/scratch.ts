import diagnostics from 'node:diagnostics_channel';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import { makePath } from './folders.js';
import { isProcessAlive, thisWorker } from './machine.js';

/** Characters that no shell, and no program that builds shell commands, gives a meaning to. */
const SAFE_PATH = /^[A-Za-z0-9/._-]+$/;
const prefix = () => `astro-jobs-${thisWorker().machine}-`;

/** Programs that were started from this process so far, by whoever; looking through all processes takes longer than many an image. */
let started = 0;
diagnostics.subscribe('child_process', () => {
  started += 1;
});

/** A private folder of one job in this process. */
export interface Scratch extends AsyncDisposable {
  path: string;
  /** Ends every process that has its temporary files here. */
  quieten(): Promise<void>;
}

/**
 * Makes an empty folder that only this user can enter, below `root` (default: the system's temporary folder).
 * @throws AstroJobsError `storage_full`, `storage_failed`
 */
export async function makeScratch(root = tmpdir()): Promise<Scratch> {
  try {
    const path = await madeIn(root);
    let looked = started;
    const quieten = async () => {
      if (started === looked) return;
      looked = started;
      await killStragglers([path]);
    };
    return {
      path,
      quieten,
      [Symbol.asyncDispose]: async () => {
        await quieten();
        await clear([path]);
      },
    };
  } catch (error) {
    throw toAstroJobsError(error, 'making a scratch folder');
  }
}

/** Real paths of scratch folders that were there and usable. */
const realRoots = new Map<string, string>();

/** @throws AstroJobsError `storage_failed`; errors of the file system */
async function madeIn(root: string): Promise<string> {
  const make = (real: string) => mkdtemp(join(real, `${prefix()}${process.pid}-`));
  const known = realRoots.get(root);
  // One that is gone since is made again.
  const made = known === undefined ? undefined : await make(known).catch(() => undefined);
  if (made !== undefined) return made;
  await makePath(root);
  const real = await realpath(root);
  if (!SAFE_PATH.test(real)) {
    throw new AstroJobsError(
      'storage_failed',
      `The scratch folder must have a path of letters, digits and ._- only, got ${JSON.stringify(real)}; set scratchDir or TMPDIR`,
    );
  }
  const path = await make(real);
  realRoots.set(root, real);
  return path;
}

/** Ends what dead workers of this machine have left: their solvers first, then their scratch folders. */
export async function sweepScratch(root = tmpdir()): Promise<void> {
  const real = await realpath(root).catch(() => undefined);
  if (real === undefined) return;
  const ours = new RegExp(`^${prefix()}(\\d+)-`);
  const names = (await readdir(real).catch(() => [])).filter((name) => {
    const pid = Number(ours.exec(name)?.[1]);
    return Number.isSafeInteger(pid) && !isProcessAlive(pid);
  });
  if (names.length === 0) return;
  const folders = names.map((name) => join(real, name));
  await killStragglers(folders);
  await clear(folders);
}

/** What cannot be removed now is swept later; no job fails for it. */
async function clear(folders: readonly string[]): Promise<void> {
  for (const folder of folders)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}

/**
 * Every child of a job has its TMPDIR in the job's scratch folder, and hands it on to its own children; so also those are
 * found that have left their process group for a session of their own.
 */
async function killStragglers(folders: readonly string[]): Promise<void> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const temporary = /(?:^|\0)TMPDIR=([^\0]*)/.exec(environment)?.[1];
    if (!temporary || !folders.some((folder) => temporary === folder || temporary.startsWith(`${folder}/`)))
      continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
