import { execFile } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { forEachOf } from '../../async/for-each-of.js';
import { syncFolder } from './folders.js';
import type { Layout } from './layout.js';

/** Fewer folders are flushed one by one sooner than a program is started. */
const FEW = 8;
const FLUSHERS = 64;

/**
 * All that was written into these folders of the scratch folder is on the disk when this resolves. Thousands of files are flushed in
 * one round by syncfs(2), which Node does not offer and `sync --file-system` does; where that is not, file by file.
 */
export async function syncAll(layout: Layout, folders: readonly string[]): Promise<void> {
  if (folders.length > FEW && (await syncFileSystem(layout.scratch))) return;
  await forEachOf(folders, FLUSHERS, flushFolder);
}

async function syncFileSystem(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    await promisify(execFile)('sync', ['-f', path]);
    return true;
  } catch {
    return false;
  }
}

async function flushFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await flushFolder(path);
    else {
      const handle = await open(path, 'r');
      await handle.sync().finally(() => handle.close());
    }
  }
  await syncFolder(folder);
}
