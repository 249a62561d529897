import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobsError } from '../job/errors.js';
import { isDeadHere, thisWorker } from '../process/machine.js';

type Holder = ReturnType<typeof thisWorker>;

/**
 * Makes this process the only one that writes the table in a folder; a holder that was killed on this machine is replaced at once.
 * @returns how to let go
 * @throws AstroJobsError `already_running` while another process has it
 */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, '.batch.lock');
  const mine = join(folder, `.batch-${randomUUID()}`);
  await writeFile(mine, JSON.stringify(thisWorker()));
  try {
    while (!(await linked(mine, lock))) await removeDead(lock, mine);
  } finally {
    await unlink(mine).catch(() => {});
  }
  return () => unlink(lock).catch(() => {});
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeDead(lock: string, mine: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const holder = JSON.parse(text) as Holder;
  if (!isDeadHere(holder)) {
    throw new AstroJobsError(
      'already_running',
      `Another batch writes there already (process ${holder.pid} on ${holder.host}); end it, name another folder for the output, or, if it is gone, remove ${lock}`,
    );
  }
  // Of several that find it dead one renames it; a newer lock that is caught by mistake is put back.
  const caught = `${mine}-old`;
  if (
    !(await rename(lock, caught).then(
      () => true,
      () => false,
    ))
  )
    return;
  if ((await readFile(caught, 'utf8')) !== text) await linked(caught, lock);
  await unlink(caught);
}
