import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { isJobId } from '../../job/id.js';
import { safeFileName } from '../../job/safe-name.js';
import { isSettled, type JobState, type JobStatus, type Progress } from '../../job/status.js';
import { isDeadHere } from '../../process/machine.js';
import type {
  JobPage,
  JobRecord,
  JobStore,
  ListOptions,
  Outcome,
  StoreCapabilities,
  StoredFile,
} from '../job-store.js';
import { Documents } from './documents.js';
import {
  appendTo,
  copyDurably,
  isFolder,
  type Modes,
  makeFolder,
  openRegular,
  readDocument,
  scratchName,
  syncFolder,
  unlessMissing,
  writeDurably,
} from './durable.js';
import { JobIndex } from './job-index.js';
import { jobPaths, type Layout, layoutOf } from './layout.js';
import {
  addMarker,
  dropMarker,
  dropQueuedMarker,
  dropRunningMarker,
  queuedMarkers,
  runningMarkers,
} from './markers.js';
import { Quota } from './quota.js';
import { sweep } from './sweep.js';

export interface FileSystemJobStoreOptions {
  /** The jobs directory. @default process.env.JOBS_DIR ?? '/srv/astro_jobs' */
  dir?: string;
  /**
   * `private`: 0700 and 0600; `group`: 0770 and 0660, for a directory that several users share (let it belong to their group,
   * with the setgid bit). @default process.env.ASTRO_JOBS_ACCESS ?? 'private'
   */
  access?: Access;
  /**
   * Bytes that the jobs directory may hold: new jobs beyond it are refused with `storage_full`, running ones end as they do.
   * Several processes on one directory may be a little over it, by what each of them takes within half a minute. @default no limit
   */
  quotaBytes?: number;
}

export type Access = 'private' | 'group';

/** A queued job without a folder is of a `create` under way, or of one that died; seconds until the second is believed. */
const MARKER_GRACE = 60;

/**
 * Jobs in folders of the documented layout, on a local disk or a shared volume. Any number of processes may work on
 * one directory. Nothing is locked: see `Documents` for how changes are made.
 */
export class FileSystemJobStore implements JobStore {
  readonly capabilities: StoreCapabilities = { durable: true, shared: 'host', localFiles: true };
  /** The jobs directory, absolute. */
  readonly dir: string;
  readonly access: Access;
  readonly #layout: Layout;
  readonly #modes: Modes;
  readonly #documents: Documents;
  readonly #index: JobIndex;
  readonly #quota: Quota | undefined;
  readonly #listeners = new Set<(id: string) => void>();

  constructor(options: FileSystemJobStoreOptions = {}) {
    this.dir = resolve(options.dir ?? process.env.JOBS_DIR ?? '/srv/astro_jobs');
    this.access = options.access ?? (process.env.ASTRO_JOBS_ACCESS === 'group' ? 'group' : 'private');
    this.#modes = this.access === 'group' ? { file: 0o660, folder: 0o770 } : { file: 0o600, folder: 0o700 };
    this.#layout = layoutOf(this.dir);
    this.#documents = new Documents(this.#layout, this.#modes);
    this.#index = new JobIndex(this.#documents);
    this.#quota = options.quotaBytes === undefined ? undefined : new Quota(this.dir, options.quotaBytes);
  }

  create(
    status: JobStatus,
    image: AsyncIterable<Uint8Array>,
  ): Promise<{ record: JobRecord; created: boolean }> {
    return this.#guarded('creating the job', async () => {
      const id = status.job_id;
      await this.#makeHouse();
      const there = await this.#documents.read(id);
      if (there) return { record: there, created: false };
      const revision = Math.floor(status.created_at * 1000);
      const made = scratchName(this.#layout.scratch);
      const { folder } = jobPaths(this.#layout, id);
      let placed = false;
      try {
        const files = jobPaths({ ...this.#layout, root: made }, '.');
        for (const path of [made, files.input, files.output]) await makeFolder(path, this.#modes.folder);
        const bytes = this.#quota ? this.#quota.admit(image) : image;
        await writeDurably(join(files.input, safeFileName(status.filename ?? '')), bytes, this.#modes.file);
        await syncFolder(files.input);
        await writeDurably(files.log, '', this.#modes.file);
        await writeDurably(
          files.status,
          `${JSON.stringify({ ...status, revision }, null, 1)}\n`,
          this.#modes.file,
        );
        await syncFolder(made);
        await addMarker(this.#layout, status, this.#modes.file);
        await syncFolder(this.#layout.queued);
        await rename(made, folder);
        placed = true;
        await syncFolder(this.dir);
      } catch (error) {
        // Not known to be on the disk is not acknowledged, so it must not be there.
        if (placed) await rename(folder, made);
        await rm(made, { recursive: true, force: true });
        const winner = await this.#documents.read(id).catch(() => undefined);
        if (winner) return { record: winner, created: false };
        await dropMarker(this.#layout, status).catch(() => {});
        throw error;
      }
      this.#changed(id);
      return { record: { status, revision }, created: true };
    });
  }

  get(id: string): Promise<JobRecord | undefined> {
    return this.#guarded('reading the job', () => this.#documents.read(id));
  }

  replace(id: string, revision: number, next: JobStatus, outcome?: Outcome): Promise<boolean> {
    return this.#guarded('changing the job', async () => {
      const before = await this.#documents.read(id);
      if (before?.revision !== revision) return false;
      const staged = outcome && (await this.#stage(outcome));
      const won = await this.#documents
        .swap(id, before, next, staged && basename(staged))
        .catch(async (error) => {
          // Unless the change was made all the same, what was staged for it is debris.
          const now = await this.#documents.read(id).catch(() => undefined);
          if (staged && now && now.revision <= revision) await rm(staged, { recursive: true, force: true });
          throw error;
        });
      if (!won && staged) await rm(staged, { recursive: true, force: true });
      if (won) this.#changed(id);
      return won;
    });
  }

  renew(id: string, revision: number, progress?: Progress): Promise<boolean> {
    return this.#guarded('renewing the lease', async () => {
      const before = await this.#documents.read(id);
      if (before?.revision !== revision) return false;
      const renewed = await this.#documents.renew(id, before, progress);
      if (renewed) this.#changed(id);
      return renewed;
    });
  }

  runnable({ now, limit }: { now: number; limit: number }): Promise<string[]> {
    return this.#guarded('looking for jobs to run', async () => {
      const ids: string[] = [];
      for (const id of await unlessMissing(runningMarkers(this.#layout), [])) {
        const record = await this.#documents.read(id).catch(() => undefined);
        if (record?.status.state !== 'processing') {
          if (record) await addMarker(this.#layout, record.status, this.#modes.file);
          await dropRunningMarker(this.#layout, id);
        } else if ((record.leaseRemaining ?? 0) <= 0 || isDeadHere(record.status.worker)) ids.push(id);
      }
      for (const marker of await unlessMissing(queuedMarkers(this.#layout), [])) {
        if (ids.length >= limit) break;
        if (marker.delayed && marker.runAt > now) continue;
        const record = await this.#documents.read(marker.id).catch(() => undefined);
        if (record?.status.state === 'queued') ids.push(marker.id);
        else if (record) {
          await addMarker(this.#layout, record.status, this.#modes.file);
          await dropQueuedMarker(this.#layout, marker);
        } else if (Math.abs(now - marker.runAt) > MARKER_GRACE) await dropQueuedMarker(this.#layout, marker);
      }
      return ids.slice(0, limit);
    });
  }

  list(options: ListOptions = {}): Promise<JobPage> {
    return this.#guarded('listing the jobs', async () => {
      return this.#index.page(await this.#candidates(options.states), options);
    });
  }

  counts(states?: readonly JobState[]): Promise<Record<JobState, number>> {
    return this.#guarded('counting the jobs', async () => {
      if (!states?.every((state) => !isSettled({ state })))
        return this.#index.counts(await this.#candidates(states), states);
      // Asked before each submit where the number of jobs is limited: without opening one of them.
      const running = new Set(await unlessMissing(runningMarkers(this.#layout), []));
      const queued = new Set((await unlessMissing(queuedMarkers(this.#layout), [])).map(({ id }) => id));
      const counts = {
        queued: [...queued].filter((id) => !running.has(id)).length,
        processing: running.size,
      };
      const wanted = (state: 'queued' | 'processing') => (states.includes(state) ? counts[state] : 0);
      return { queued: wanted('queued'), processing: wanted('processing'), done: 0, error: 0 };
    });
  }

  result(id: string): Promise<unknown> {
    return this.#guarded('reading the result', async () => {
      const { output, result } = jobPaths(this.#layout, id);
      const data = (await isFolder(output)) ? await readDocument(result) : undefined;
      if (!data) return undefined;
      try {
        return JSON.parse(data.toString('utf8')) as unknown;
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        throw new AstroJobsError('corrupt_document', `Invalid result JSON: ${detail}`, {
          cause: error,
          jobId: id,
        });
      }
    });
  }

  image(id: string): Promise<StoredFile | undefined> {
    return this.#guarded(
      'reading the image',
      async () => (await filesIn(jobPaths(this.#layout, id).input))[0],
    );
  }

  files(id: string): Promise<StoredFile[]> {
    return this.#guarded('reading the files', () => filesIn(jobPaths(this.#layout, id).output));
  }

  appendLog(id: string, text: string): Promise<void> {
    return this.#guarded('writing the log', async () => {
      const { folder, log } = jobPaths(this.#layout, id);
      if (!(await isFolder(folder))) return;
      await unlessMissing(appendTo(log, text, this.#modes.file), undefined);
      this.#quota?.add(Buffer.byteLength(text));
    });
  }

  log(id: string): Promise<StoredFile | undefined> {
    return this.#guarded('reading the log', async () => storedFile(jobPaths(this.#layout, id).log));
  }

  remove(id: string): Promise<boolean> {
    return this.#guarded('removing the job', async () => {
      const { folder, history } = jobPaths(this.#layout, id);
      const record = await this.#documents.read(id).catch(() => undefined);
      await this.#makeHouse();
      const dying = scratchName(this.#layout.scratch);
      const taken = await unlessMissing(
        rename(folder, dying).then(() => true),
        false,
      );
      if (!taken) return false;
      await syncFolder(this.dir);
      if (record) await dropMarker(this.#layout, record.status);
      await rm(history, { recursive: true, force: true });
      await rm(dying, { recursive: true, force: true });
      this.#index.forget(id);
      this.#quota?.stale();
      this.#changed(id);
      return true;
    });
  }

  sweep(olderThanSeconds: number): Promise<void> {
    return this.#guarded('sweeping', async () => {
      await this.#makeHouse();
      for (const id of await this.#unsettled()) await this.#documents.read(id).catch(() => undefined);
      await sweep(this.#documents, olderThanSeconds);
    });
  }

  subscribe(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }

  async #makeHouse(): Promise<void> {
    const { queued, running, revisions, scratch } = this.#layout;
    for (const folder of [dirname(scratch), queued, running, revisions, scratch])
      await makeFolder(folder, this.#modes.folder);
  }

  async #stage({ result, files }: Outcome): Promise<string> {
    const staged = scratchName(this.#layout.scratch);
    try {
      await makeFolder(staged, this.#modes.folder);
      for (const [name, path] of Object.entries(files)) {
        await copyDurably(path, join(staged, safeFileName(name)), this.#modes.file);
      }
      await writeDurably(
        join(staged, 'result.json'),
        `${JSON.stringify(result, null, 1)}\n`,
        this.#modes.file,
      );
      await syncFolder(staged);
      return staged;
    } catch (error) {
      await rm(staged, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ids among which all jobs of these states are. */
  async #candidates(states: readonly JobState[] | undefined): Promise<string[]> {
    if (states?.every((state) => !isSettled({ state }))) return this.#unsettled();
    return (await unlessMissing(readdir(this.dir), [])).filter(isJobId);
  }

  async #unsettled(): Promise<string[]> {
    const queued = await unlessMissing(queuedMarkers(this.#layout), []);
    const running = await unlessMissing(runningMarkers(this.#layout), []);
    return [...new Set([...queued.map((marker) => marker.id), ...running])];
  }

  async #guarded<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw toAstroJobsError(error, `${doing} in the jobs directory`);
    }
  }
}

/** Regular files only: whatever link or device somebody planted is not there. */
async function storedFile(path: string): Promise<StoredFile | undefined> {
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

/** What is read later may have been exchanged for a link meanwhile. */
async function* readRegular(path: string, range: { start?: number; end?: number }): AsyncGenerator<Buffer> {
  yield* (await openRegular(path)).createReadStream(range) as AsyncIterable<Buffer>;
}

async function filesIn(folder: string): Promise<StoredFile[]> {
  if (!(await isFolder(dirname(folder))) || !(await isFolder(folder))) return [];
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const files = await Promise.all(names.map((name) => storedFile(join(folder, name))));
  return files.filter((file) => file !== undefined);
}
