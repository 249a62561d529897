import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { allEnded } from '../../async/all-ended.js';
import { safeFileName } from '../../job/safe-name.js';
import type { Outcome, StoredFile } from '../job-store.js';
import { copyDurably, scratchName, writeDurably } from './durable.js';
import { isFolder, makeFolder, syncFolder } from './folders.js';
import { unlessMissing } from './missing.js';
import type { Modes } from './modes.js';
import { openRegular } from './regular-files.js';

/** Regular files only: a link or a device in the place of one counts as missing. */
export async function storedFile(path: string): Promise<StoredFile | undefined> {
  const stat = await unlessMissing(lstat(path), undefined);
  if (!stat?.isFile()) return undefined;
  return {
    name: basename(path),
    size: stat.size,
    modifiedAt: stat.mtimeMs / 1000,
    path,
    read: (range = {}) => Readable.from(readRegular(path, range), { objectMode: false }),
  };
}

/** Looks again when it is read: the file may have been exchanged for a link meanwhile. */
async function* readRegular(path: string, range: { start?: number; end?: number }): AsyncGenerator<Buffer> {
  yield* (await openRegular(path)).createReadStream(range) as AsyncIterable<Buffer>;
}

/** The files of a folder that is no link and in no linked folder, sorted by name. */
export async function filesIn(folder: string): Promise<StoredFile[]> {
  if (!(await isFolder(dirname(folder))) || !(await isFolder(folder))) return [];
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const files = await Promise.all(names.map((name) => storedFile(join(folder, name))));
  return files.filter((file) => file !== undefined);
}

/** Puts the result and the files of an outcome into a new folder in `scratch`; returns its path. */
export async function stageOutcome(
  { result, files }: Outcome,
  scratch: string,
  modes: Modes,
): Promise<string> {
  const staged = scratchName(scratch);
  try {
    await makeFolder(staged, modes.folder);
    const document = `${JSON.stringify(result, null, 1)}\n`;
    // Side by side: one round to the disk serves all of them.
    await allEnded([
      ...Object.entries(files).map(([name, file]) => {
        const path = join(staged, safeFileName(name));
        return typeof file === 'string'
          ? copyDurably(file, path, modes.file)
          : writeDurably(path, file, modes.file);
      }),
      writeDurably(join(staged, 'result.json'), document, modes.file),
    ]);
    await syncFolder(staged);
    return staged;
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}
