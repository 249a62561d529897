import { createHash } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { nowSeconds } from '../../job/status.js';
import { isDeadHere } from '../../process/machine.js';
import type { WorkerList, WorkerNotice } from '../worker-list.js';
import { scratchName, writeNew } from './durable.js';
import { makeFolder } from './folders.js';
import { inJobsDirectory } from './in-jobs-directory.js';
import type { Layout } from './layout.js';
import { unlessMissing } from './missing.js';
import type { Modes } from './modes.js';
import { readDocument } from './regular-files.js';

const noticeSchema = z.object({
  host: z.string(),
  pid: z.int(),
  machine: z.string(),
  concurrency: z.int(),
  until: z.number(),
});
type StoredNotice = z.output<typeof noticeSchema>;

/** The workers on a jobs directory, one small file each. Not flushed to the disk: after a power cut none of them lives. */
export class FileWorkerList implements WorkerList {
  readonly #layout: Layout;
  readonly #modes: Modes;

  constructor(layout: Layout, modes: Modes) {
    this.#layout = layout;
    this.#modes = modes;
  }

  announce({ host, pid, machine, concurrency }: WorkerNotice, seconds: number): Promise<void> {
    return inJobsDirectory('announcing the worker', async () => {
      const { scratch, workers } = this.#layout;
      for (const folder of [dirname(scratch), scratch, workers]) await makeFolder(folder, this.#modes.folder);
      const notice: StoredNotice = { host, pid, machine, concurrency, until: nowSeconds() + seconds };
      const temporary = scratchName(scratch);
      await writeNew(temporary, JSON.stringify(notice), this.#modes.file, { durably: false });
      await rename(temporary, this.#path(notice));
      for (const { path, notice: other } of await this.#read())
        if (!other || !lives(other)) await rm(path, { force: true });
    });
  }

  withdraw(worker: WorkerNotice): Promise<void> {
    return inJobsDirectory('withdrawing the worker', () => rm(this.#path(worker), { force: true }));
  }

  list(): Promise<WorkerNotice[]> {
    return inJobsDirectory('listing the workers', async () => {
      const notices = (await this.#read()).map(({ notice }) => notice);
      return notices
        .filter((notice) => notice !== undefined)
        .filter(lives)
        .map(({ until, ...worker }) => worker);
    });
  }

  /** A file that cannot be read is of no worker. */
  async #read(): Promise<{ path: string; notice: StoredNotice | undefined }[]> {
    const names = (await unlessMissing(readdir(this.#layout.workers), [])).filter((name) =>
      name.endsWith('.json'),
    );
    return Promise.all(
      names.map(async (name) => {
        const path = join(this.#layout.workers, name);
        const text = (await readDocument(path, 'status').catch(() => undefined))?.toString('utf8');
        return { path, notice: text === undefined ? undefined : parsed(text) };
      }),
    );
  }

  /** A host may be called anything. */
  #path({ host, pid, machine }: WorkerNotice): string {
    const name = createHash('sha256')
      .update(JSON.stringify([host, pid, machine]))
      .digest('hex')
      .slice(0, 32);
    return join(this.#layout.workers, `${name}.json`);
  }
}

const lives = (notice: StoredNotice) => notice.until > nowSeconds() && !isDeadHere(notice);

function parsed(text: string): StoredNotice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
