import { mkdtemp, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { defaultAccess, defaultJobsDir } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import { isSettled, type JobState, type JobStatus, type Progress } from '../../job/status.js';
import type { KeyStore } from '../../keys/key-store.js';
import { makePath, noPlace } from '../../process/folders.js';
import type {
  Access,
  Created,
  CreateOutcome,
  JobPage,
  JobRecord,
  JobStore,
  ListOptions,
  NewJob,
  Outcome,
  RunnableOptions,
  StoreCapabilities,
  StoredFile,
} from '../job-store.js';
import type { WorkerList } from '../worker-list.js';
import { createJob } from './create-job.js';
import { createJobs } from './create-jobs.js';
import { Documents } from './documents.js';
import { scratchName } from './durable.js';
import { FileKeyStore } from './file-key-store.js';
import { FileWorkerList } from './file-worker-list.js';
import { filesIn, stageOutcome, storedFile } from './files.js';
import { assertHoldsFolders, isFolder, makeFolder, syncFolder } from './folders.js';
import { inJobsDirectory } from './in-jobs-directory.js';
import { JobIndex } from './job-index.js';
import { jobPaths, type Layout, layoutOf } from './layout.js';
import { addMarker, dropMarker } from './markers.js';
import { isMissing, unlessMissing } from './missing.js';
import { type Modes, modesOf } from './modes.js';
import { Quota } from './quota.js';
import { appendTo, readDocument } from './regular-files.js';
import { sweep } from './sweep.js';
import { UnsettledJobs } from './unsettled.js';

/** Where the jobs directory is, and who may use it. */
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

/**
 * Jobs in folders of the documented layout, on a local disk or a shared volume. Any number of processes may work on
 * one directory. Nothing is locked: see `Documents` for how changes are made.
 */
export class FileSystemJobStore implements JobStore {
  /** What this store can do. */
  readonly capabilities: StoreCapabilities & Required<Pick<StoreCapabilities, 'dir' | 'access'>>;
  readonly keys: KeyStore;
  readonly workers: WorkerList;
  readonly #layout: Layout;
  readonly #modes: Modes;
  readonly #documents: Documents;
  readonly #unsettled: UnsettledJobs;
  readonly #index: JobIndex;
  readonly #quota: Quota | undefined;
  readonly #listeners = new Set<(id: string) => void>();
  #hasFolders = false;

  constructor(options: FileSystemJobStoreOptions = {}) {
    const dir = resolve(options.dir ?? defaultJobsDir());
    const access = options.access ?? defaultAccess();
    this.capabilities = { durable: true, shared: 'host', localFiles: true, dir, access };
    this.#modes = modesOf(access);
    this.#layout = layoutOf(dir);
    this.keys = new FileKeyStore(this.#layout, this.#modes);
    this.workers = new FileWorkerList(this.#layout, this.#modes);
    this.#documents = new Documents(this.#layout, this.#modes);
    this.#unsettled = new UnsettledJobs(this.#documents);
    this.#index = new JobIndex(this.#documents, this.#unsettled);
    this.#quota = options.quotaBytes === undefined ? undefined : new Quota(dir, options.quotaBytes);
  }

  check(): Promise<void> {
    return inJobsDirectory('making a folder', async () => {
      const { dir } = this.capabilities;
      await makePath(dir, this.#modes.folder);
      const probe = join(dir, '.probe-');
      await rmdir(
        await mkdtemp(probe).catch((error: unknown) => {
          throw isMissing(error) ? noPlace(probe) : error;
        }),
      );
      await this.#unsettled.counts();
    });
  }

  create(status: JobStatus, image: AsyncIterable<Uint8Array>): Promise<Created> {
    return this.#write('creating the job', async () => {
      await this.#makeFolders();
      const made = await createJob(this.#documents, status, this.#quota?.admit(image) ?? image);
      if (made.created) this.#changed(made.record.status);
      return made;
    });
  }

  createMany(jobs: readonly NewJob[]): Promise<CreateOutcome[]> {
    return this.#write('creating the jobs', async () => {
      await this.#makeFolders();
      const admitted = jobs.map(({ status, image }) => ({
        status,
        image: this.#quota?.admit(image) ?? image,
      }));
      const outcomes = await createJobs(this.#documents, admitted);
      for (const outcome of outcomes)
        if ('record' in outcome && outcome.created) this.#changed(outcome.record.status);
      return outcomes;
    });
  }

  get(id: string): Promise<JobRecord | undefined> {
    return inJobsDirectory('reading the job', async () => {
      const record = await this.#documents.read(id);
      if (record) await this.#announce([record.status]);
      return record;
    });
  }

  replace(id: string, revision: number, next: JobStatus, outcome?: Outcome): Promise<JobRecord | undefined> {
    return this.#write('changing the job', async () => {
      // Whether it is still the newest is told by making the change after it.
      const before = this.#documents.recall(id, revision) ?? (await this.#documents.read(id));
      if (before?.revision !== revision) return undefined;
      // A folder of another program has none of ours beside it.
      await this.#makeFolders();
      const staged = outcome && (await stageOutcome(outcome, this.#layout.scratch, this.#modes));
      if (outcome?.log) await this.#append(id, outcome.log).catch(() => {});
      const record = await this.#documents
        .swap(id, before, next, staged && basename(staged))
        .catch(async (error) => {
          // Unless the change was made all the same, what was staged for it is debris.
          const now = await this.#documents.read(id).catch(() => undefined);
          if (staged && now && now.revision <= revision) await rm(staged, { recursive: true, force: true });
          throw error;
        });
      if (!record && staged) await rm(staged, { recursive: true, force: true });
      if (record) this.#changed(record.status);
      return record;
    });
  }

  renew(id: string, revision: number, progress?: Progress): Promise<boolean> {
    return inJobsDirectory('renewing the lease', async () => {
      const before = await this.#documents.read(id);
      if (before?.revision !== revision) return false;
      const renewed = await this.#documents.renew(id, before, progress);
      if (renewed) this.#changed(before.status);
      return renewed;
    });
  }

  runnable(options: RunnableOptions): Promise<string[]> {
    return inJobsDirectory('looking for jobs to run', () => this.#unsettled.runnable(options));
  }

  list(options: ListOptions = {}): Promise<JobPage> {
    return inJobsDirectory('listing the jobs', async () => {
      const page = await this.#index.page(options);
      // That there are no jobs where there can be none would mislead.
      if (page.jobs.length === 0) await assertHoldsFolders(this.#layout.root);
      await this.#announce(page.jobs);
      return page;
    });
  }

  /** Jobs that another program has left unsettled have no marker: whoever meets them makes it, so that they are run. */
  async #announce(jobs: readonly JobStatus[]): Promise<void> {
    const strange = jobs.filter((status) => !isSettled(status) && status.attempts === undefined);
    if (strange.length === 0) return;
    try {
      await this.#makeFolders();
      for (const status of strange) await addMarker(this.#layout, status, this.#modes.file);
    } catch {
      // Who may only read does not see to it.
    }
  }

  oldestQueued(): Promise<JobStatus | undefined> {
    return inJobsDirectory('looking for the oldest job', () => this.#index.oldest('queued'));
  }

  counts(states?: readonly JobState[]): Promise<Record<JobState, number>> {
    return inJobsDirectory('counting the jobs', async () => {
      if (!states?.every((state) => !isSettled({ state }))) return this.#index.counts(states);
      // Asked before each submit where the number of jobs is limited.
      const counts = await this.#unsettled.counts();
      const wanted = (state: 'queued' | 'processing') => (states.includes(state) ? counts[state] : 0);
      return { queued: wanted('queued'), processing: wanted('processing'), done: 0, error: 0 };
    });
  }

  result(id: string): Promise<unknown> {
    return inJobsDirectory('reading the result', async () => {
      const { output, result } = jobPaths(this.#layout, id);
      const data = (await isFolder(output)) ? await readDocument(result, 'result') : undefined;
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
    return inJobsDirectory(
      'reading the image',
      async () => (await filesIn(jobPaths(this.#layout, id).input))[0],
    );
  }

  files(id: string): Promise<StoredFile[]> {
    return inJobsDirectory('reading the files', () => filesIn(jobPaths(this.#layout, id).output));
  }

  appendLog(id: string, text: string): Promise<void> {
    return inJobsDirectory('writing the log', () => this.#append(id, text));
  }

  log(id: string): Promise<StoredFile | undefined> {
    return inJobsDirectory('reading the log', async () => storedFile(jobPaths(this.#layout, id).log));
  }

  remove(id: string): Promise<boolean> {
    return this.#write('removing the job', async () => {
      const { folder, history } = jobPaths(this.#layout, id);
      const record = await this.#documents.read(id).catch(() => undefined);
      await this.#makeFolders();
      const dying = scratchName(this.#layout.scratch);
      const taken = await unlessMissing(
        rename(folder, dying).then(() => true),
        false,
      );
      if (!taken) return false;
      await syncFolder(this.#layout.root);
      if (record) await dropMarker(this.#layout, record.status);
      await rm(history, { recursive: true, force: true });
      await rm(dying, { recursive: true, force: true });
      this.#index.forget(id);
      this.#quota?.stale();
      this.#tell(id);
      return true;
    });
  }

  sweep(olderThanSeconds: number): Promise<void> {
    return inJobsDirectory('sweeping', async () => {
      await this.#makeFolders();
      for (const id of await this.#unsettled.ids()) await this.#documents.read(id).catch(() => undefined);
      await sweep(this.#documents, await this.#index.whatIsDone(), olderThanSeconds);
    });
  }

  subscribe(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#index.close();
  }

  async #append(id: string, text: string): Promise<void> {
    const { folder, log } = jobPaths(this.#layout, id);
    if (!(await isFolder(folder))) return;
    await unlessMissing(appendTo(log, text, this.#modes.file), undefined);
    this.#quota?.add(Buffer.byteLength(text));
  }

  #changed(status: JobStatus): void {
    this.#index.note(status);
    this.#tell(status.job_id);
  }

  #tell(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }

  /** After what failed, all folders of our own are looked for again. */
  #write<T>(doing: string, act: () => Promise<T>): Promise<T> {
    return inJobsDirectory(doing, () =>
      act().catch((error: unknown) => {
        this.#hasFolders = false;
        throw error;
      }),
    );
  }

  async #makeFolders(): Promise<void> {
    const { queued, running, revisions, scratch } = this.#layout;
    if (this.#hasFolders && (await isFolder(scratch))) return;
    for (const folder of [dirname(scratch), queued, running, revisions, scratch])
      if (!(await isFolder(folder))) await makeFolder(folder, this.#modes.folder);
    this.#hasFolders = true;
  }
}
