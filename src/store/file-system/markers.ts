import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJobId } from '../../job/id.js';
import type { JobStatus } from '../../job/status.js';
import type { Layout } from './layout.js';

const PRIORITY_RANGE = 1_000_000;

/** What the name of an empty file in `queued/` says. */
export interface QueuedMarker {
  id: string;
  /** Place in the queue among those of one priority, Unix seconds. */
  runAt: number;
  /** Whether the job is not to be run before then. */
  delayed: boolean;
  file: string;
}

/**
 * Jobs that are not settled have an empty file that says so, named so that the names sort in running order: a queue of
 * ten thousand is one folder listing, and settled jobs cost nothing. Markers only lead to jobs, the job's own
 * documents say what is true; so a marker is made before the change that it announces, and a stale one does no harm.
 */
function queuedName(status: JobStatus): string {
  const priority = Math.max(-PRIORITY_RANGE, Math.min(PRIORITY_RANGE, status.priority ?? 0));
  const rank = String(PRIORITY_RANGE - priority).padStart(7, '0');
  const runAt = String(Math.round(Math.max(status.created_at, status.not_before ?? 0) * 1e6)).padStart(
    17,
    '0',
  );
  // Only who asked for a delay has one: after the clock was set back, all others were created in the future.
  const delayed = status.not_before === undefined ? '' : 'd';
  return `${rank}-${runAt}${delayed}-${status.job_id}`;
}

function parseQueuedName(file: string): QueuedMarker | undefined {
  const [, runAt, delayed, id] = /^\d{7}-(\d{17})(d?)-([0-9a-f]{32})$/.exec(file) ?? [];
  if (id === undefined || !isJobId(id)) return undefined;
  return { id, runAt: Number(runAt) / 1e6, delayed: delayed === 'd', file };
}

function markerOf(layout: Layout, status: JobStatus): string | undefined {
  if (status.state === 'queued') return join(layout.queued, queuedName(status));
  if (status.state === 'processing') return join(layout.running, status.job_id);
  return undefined;
}

/** Announces a job in its state. */
export async function addMarker(layout: Layout, status: JobStatus, mode: number): Promise<void> {
  const path = markerOf(layout, status);
  if (path === undefined) return;
  try {
    const handle = await open(path, 'wx', mode);
    await handle.chmod(mode).finally(() => handle.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Removes the marker of `before`, unless it is that of `now` as well. */
export async function dropMarker(layout: Layout, before: JobStatus, now?: JobStatus): Promise<void> {
  const path = markerOf(layout, before);
  if (path && path !== (now && markerOf(layout, now))) await rm(path, { force: true });
}

export async function dropQueuedMarker(layout: Layout, marker: QueuedMarker): Promise<void> {
  await rm(join(layout.queued, marker.file), { force: true });
}

export async function dropRunningMarker(layout: Layout, id: string): Promise<void> {
  await rm(join(layout.running, id), { force: true });
}

/** Jobs that wait, in running order. */
export async function queuedMarkers(layout: Layout): Promise<QueuedMarker[]> {
  const names = (await readdir(layout.queued)).sort();
  return names.map(parseQueuedName).filter((marker) => marker !== undefined);
}

/** Ids of jobs that are being processed, or were when their worker died. */
export async function runningMarkers(layout: Layout): Promise<string[]> {
  return (await readdir(layout.running)).filter(isJobId);
}
