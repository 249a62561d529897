import { chmod, lstat, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '../job/logger.js';
import { scratchName } from '../store/file-system/durable.js';
import { makeFolder } from '../store/file-system/folders.js';
import { type Layout, layoutOf } from '../store/file-system/layout.js';
import { unlessMissing } from '../store/file-system/missing.js';
import { type Modes, modesOf } from '../store/file-system/modes.js';
import { readDocument } from '../store/file-system/regular-files.js';
import type { Access } from '../store/job-store.js';
import { MAX_REMEMBERED, type OpticsMemory, type RememberedField, rememberedFieldSchema } from './memory.js';

/** Where it is kept, and who may read it. */
export interface FileOpticsMemoryOptions {
  /** The jobs directory. */
  dir: string;
  /** Who may read and write the files. @default 'private' */
  access: Access;
  /** Told of what cannot be kept. @default it is not told */
  logger: Logger;
}

const ENTRY = /^[0-9a-f]{64}\.json$/;

/**
 * Remembers beside the jobs of a jobs directory, for all processes that work on it: one small file for each key, replaced by
 * renaming. So nothing has to be locked, not even on a shared volume, and processes that write at once lose nothing of each other;
 * under one key the last one counts. Nothing is synced: what a power cut takes or damages is learned again.
 */
export class FileOpticsMemory implements OpticsMemory {
  readonly #layout: Layout;
  readonly #modes: Modes;
  readonly #logger: Logger;

  constructor({ dir, access, logger }: FileOpticsMemoryOptions) {
    this.#layout = layoutOf(dir);
    this.#modes = modesOf(access);
    this.#logger = logger;
  }

  async get(key: string): Promise<RememberedField | undefined> {
    const path = this.#path(key);
    try {
      const data = await readDocument(path, 'status');
      return data && rememberedFieldSchema.parse(JSON.parse(data.toString('utf8')));
    } catch (err) {
      this.#logger.warn({ err, path }, 'What is remembered of a camera cannot be read; it is learned anew');
      return undefined;
    }
  }

  async put(key: string, field: RememberedField): Promise<void> {
    const { optics, scratch } = this.#layout;
    for (const folder of [dirname(scratch), scratch, optics]) await makeFolder(folder, this.#modes.folder);
    const temporary = scratchName(scratch);
    try {
      await writeFile(temporary, JSON.stringify(field), { flag: 'wx', mode: this.#modes.file });
      // The umask may have taken from the group what it was to have.
      await chmod(temporary, this.#modes.file);
      await rename(temporary, this.#path(key));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await this.#dropOldest();
  }

  async keys(): Promise<string[]> {
    return (await this.#entries()).map((name) => name.slice(0, -'.json'.length));
  }

  async forget(key?: string): Promise<number> {
    const names = (await this.#entries()).filter((name) => key === undefined || name === `${key}.json`);
    for (const name of names) await rm(join(this.#layout.optics, name), { force: true, recursive: true });
    return names.length;
  }

  /** Every solution with a camera writes its file, so the one written longest ago is the one longest unused. */
  async #dropOldest(): Promise<void> {
    const names = await this.#entries();
    if (names.length <= MAX_REMEMBERED) return;
    const aged = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#layout.optics, name);
        return { path, writtenAt: (await unlessMissing(lstat(path), undefined))?.mtimeMs ?? 0 };
      }),
    );
    aged.sort((a, b) => a.writtenAt - b.writtenAt);
    for (const { path } of aged.slice(0, names.length - MAX_REMEMBERED))
      await rm(path, { force: true, recursive: true });
  }

  async #entries(): Promise<string[]> {
    return (await unlessMissing(readdir(this.#layout.optics), [])).filter((name) => ENTRY.test(name));
  }

  #path(key: string): string {
    return join(this.#layout.optics, `${key}.json`);
  }
}
