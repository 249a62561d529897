import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';
import { type JobStatus, nowSeconds, type Progress } from '../../job/status.js';
import type { JobRecord } from '../job-store.js';
import { exists, isFolder, makeFolder, syncFolder } from './folders.js';
import { firstRevision, lastRevision, type Revision, readRevision } from './history.js';
import { KeptStatuses } from './kept-statuses.js';
import { jobPaths, type Layout } from './layout.js';
import { addMarker, dropMarker } from './markers.js';
import { isMissing, unlessMissing } from './missing.js';
import type { Modes } from './modes.js';
import { type Preparation, PreparedDocument } from './prepared-document.js';
import { type PublishedStatus, parsePublished } from './published-status.js';
import { readStamped } from './regular-files.js';

/** Who wrote no lease (another program on the same jobs directory) is given its own timeout and this much more, seconds. */
const FOREIGN_GRACE = 60;
const FOREIGN_TIMEOUT = 600;

/**
 * The status of each job on disk. The truth is the history: change n + 1 is made by whoever links its file first, so two
 * programs can never both make it, and one that was stopped in the middle overwrites no later change. `status.json` is a copy of the
 * newest change for every reader; whoever finds it behind (its writer died in between) brings it up to date.
 */
export class Documents {
  /** Running jobs → their last renewal as found here, and when that was first seen by our own clock. */
  readonly #renewals = new Map<string, { renewal: string; since: number }>();
  readonly #kept: KeptStatuses;

  constructor(
    readonly layout: Layout,
    readonly modes: Modes,
  ) {
    this.#kept = new KeptStatuses(layout);
  }

  /** Forgets the renewals of all jobs but these, which are all that run. */
  keepRenewalsOf(running: readonly string[]): void {
    if (this.#renewals.size <= running.length) return;
    const present = new Set(running);
    for (const id of this.#renewals.keys()) if (!present.has(id)) this.#renewals.delete(id);
  }

  /** @throws AstroJobsError `corrupt_document` */
  async read(id: string): Promise<JobRecord | undefined> {
    const kept = await this.#kept.get(id);
    if (kept) return this.#record(id, kept);
    const paths = jobPaths(this.layout, id);
    if (!(await isFolder(paths.folder))) {
      this.#renewals.delete(id);
      return undefined;
    }
    const published = await this.#published(id);
    const newest = await this.#newest(id, published);
    if (!newest) {
      if (!published?.problem) return undefined;
      throw new AstroJobsError('corrupt_document', `status.json cannot be read: ${published.problem}`, {
        jobId: id,
      });
    }
    const { stamp } = published ?? {};
    if (!newest.unpublished && stamp !== undefined && published?.revision !== undefined)
      this.#kept.keep(id, stamp, newest);
    if (newest.unpublished) {
      await this.#publish(id, newest).catch((error: unknown) => {
        // On a full or read-only disk the change counts all the same, unless its files cannot be seen without it.
        if (newest.staged) throw error;
      });
    }
    return this.#record(id, newest);
  }

  /** The record with this revision, if this process has met it, whether or not it is still the newest. */
  recall(id: string, revision: number): JobRecord | undefined {
    const kept = this.#kept.recall(id);
    return kept?.revision === revision ? kept : undefined;
  }

  /** A job was put here by this process, its `status.json` with this stamp. */
  created(status: JobStatus, stamp: string): void {
    this.#kept.keep(status.job_id, stamp, { revision: firstRevision(status), status });
  }

  /** The compare and swap of `JobStore.replace`. */
  async swap(
    id: string,
    before: JobRecord,
    next: JobStatus,
    staged?: string,
  ): Promise<JobRecord | undefined> {
    const { folder, history } = jobPaths(this.layout, id);
    await addMarker(this.layout, next, this.modes.file);
    if (!(await isFolder(history))) await makeFolder(history, this.modes.folder);
    const document = JSON.stringify({
      revision: before.revision + 1,
      status: next,
      staged,
    } satisfies Revision);
    const revision = JSON.parse(document) as Revision;
    const { scratch } = this.layout;
    const documents = [{ data: document, durably: true }, statusCopy(revision)] as const;
    const prepared = await PreparedDocument.writeAll(documents, scratch, this.modes.file);
    await using change = prepared[0];
    await using copy = prepared[1];
    if (!(await change.linkTo(join(history, `${revision.revision}.json`)))) return undefined;
    await syncFolder(history);
    if (!(await isFolder(folder))) {
      await rm(history, { recursive: true, force: true });
      return undefined;
    }
    // The change is made. What is left is its copy for readers, which any reader finishes if this process cannot.
    try {
      await this.#publishAs(copy, id, revision);
      await dropMarker(this.layout, before.status, next);
    } catch (error) {
      if (staged) throw error;
    }
    // Awaited here: what was prepared is given up only after it.
    return await this.#record(id, revision);
  }

  /** The renewal of `JobStore.renew`: the age of the newest file in the history is the age of the lease. */
  async renew(id: string, before: JobRecord, progress?: Progress): Promise<boolean> {
    const { history } = jobPaths(this.layout, id);
    try {
      const now = nowSeconds();
      await utimes(join(history, `${before.revision}.json`), now, now);
      if (await exists(join(history, `${before.revision + 1}.json`))) return false;
      const status = { ...before.status, updated_at: now, progress: progress ?? before.status.progress };
      await this.#publish(id, { revision: before.revision, status });
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #published(id: string): Promise<(PublishedStatus & { stamp?: string }) | undefined> {
    try {
      const document = await readStamped(jobPaths(this.layout, id).status, 'status');
      if (!document) return undefined;
      return { ...parsePublished(id, document.data.toString('utf8')), stamp: document.stamp };
    } catch (error) {
      if (error instanceof AstroJobsError) return { problem: error.message };
      throw error;
    }
  }

  async #newest(
    id: string,
    published: PublishedStatus | undefined,
  ): Promise<(Revision & { unpublished?: boolean }) | undefined> {
    const { history } = jobPaths(this.layout, id);
    let newest: (Revision & { unpublished?: boolean }) | undefined;
    let next: number;
    if (published?.status && published.revision !== undefined) {
      newest = { revision: published.revision, status: published.status };
      next = newest.revision + 1;
    } else {
      next = await lastRevision(history);
    }
    for (;;) {
      const change = await readRevision(history, next);
      if (!change) break;
      newest = { ...change, unpublished: true };
      next += 1;
    }
    if (!published?.status || published.revision !== undefined) return newest;
    // Written by another program, which knows no revisions: it counts if nothing of ours is younger.
    if (newest && newest.status.updated_at > published.status.updated_at) return newest;
    return { revision: newest?.revision ?? firstRevision(published.status), status: published.status };
  }

  /** Makes `status.json` and `output/` say what the newest change says. */
  async #publish(id: string, revision: Revision): Promise<void> {
    await using copy = await PreparedDocument.write(
      statusCopy(revision),
      this.layout.scratch,
      this.modes.file,
    );
    await this.#publishAs(copy, id, revision);
  }

  async #publishAs(copy: PreparedDocument, id: string, revision: Revision): Promise<void> {
    const paths = jobPaths(this.layout, id);
    const { output, status, history } = paths;
    if (revision.staged) await this.#unstage(revision.staged, paths);
    if (revision.status.state === 'queued') await this.#emptied(output);
    await copy.replace(status);
    this.#kept.keep(id, copy.stamp, revision);
    // A process that was stopped before the line above may have put an old status in the place of a newer one.
    const later = await readRevision(history, revision.revision + 1);
    if (later) await this.#publish(id, later);
  }

  async #unstage(name: string, job: { folder: string; output: string }): Promise<void> {
    const staged = join(this.layout.scratch, basename(name));
    // At once, where `output/` is the empty folder that it is before the first end of a job.
    const moved = await rename(staged, job.output).then(
      () => true,
      () => false,
    );
    if (moved) return syncFolder(job.folder);
    const names = await unlessMissing(readdir(staged), []);
    if (names.length > 0) await this.#ownFolder(job.output);
    // The result last: who sees it sees all the rest.
    for (const file of names.sort((a, b) => Number(a === 'result.json') - Number(b === 'result.json'))) {
      await unlessMissing(rename(join(staged, file), join(job.output, file)), undefined);
    }
    await syncFolder(job.output);
    await rm(staged, { recursive: true, force: true });
  }

  /** A link in the place of a job's folder would have us write and delete elsewhere; the link goes, a folder comes. */
  async #ownFolder(path: string): Promise<void> {
    if (await isFolder(path)) return;
    await rm(path, { force: true });
    await makeFolder(path, this.modes.folder);
  }

  async #emptied(path: string): Promise<void> {
    await this.#ownFolder(path);
    for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true });
  }

  async #record(id: string, { revision, status }: Revision): Promise<JobRecord> {
    if (status.state !== 'processing') {
      this.#renewals.delete(id);
      return { status, revision };
    }
    const now = nowSeconds();
    if (!status.lease) {
      const timeout = typeof status.params.timeout === 'number' ? status.params.timeout : FOREIGN_TIMEOUT;
      const unchanged = this.#unchangedFor(id, `${revision} ${status.updated_at}`);
      const age = Math.max(now - status.updated_at, unchanged);
      return { status, revision, leaseRemaining: timeout + FOREIGN_GRACE - age };
    }
    const newest = join(jobPaths(this.layout, id).history, `${revision}.json`);
    const file = await unlessMissing(stat(newest), undefined);
    const renewed = file ? file.mtimeMs / 1000 : status.updated_at;
    const age = Math.max(now - renewed, this.#unchangedFor(id, `${revision} ${renewed}`));
    return { status, revision, leaseRemaining: status.lease.seconds - age };
  }

  /**
   * For how many seconds we have seen this renewal and no later one. The clock of the machine may be set back by an hour, and
   * the lease of a dead worker must not be an hour longer for it; ours only goes forward.
   */
  #unchangedFor(id: string, renewal: string): number {
    const now = performance.now() / 1000;
    const seen = this.#renewals.get(id);
    if (seen?.renewal === renewal) return now - seen.since;
    this.#renewals.set(id, { renewal, since: now });
    return 0;
  }
}

/** What `status.json` says of a change. It is not flushed: after a power cut it is published again from the history, which is on the disk. */
const statusCopy = ({ status, revision }: Revision): Preparation => ({
  data: `${JSON.stringify({ ...status, revision }, null, 1)}\n`,
  durably: false,
});
