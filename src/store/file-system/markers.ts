import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isJobId } from '../../job/id.js';
import type { JobStatus } from '../../job/status.js';
import { turnOf, type Waiting } from '../order.js';
import { removeFile, writeNew } from './durable.js';
import type { Layout } from './layout.js';
import { unlessMissing } from './missing.js';

const PRIORITY_RANGE = 1_000_000;
/** A queued marker without a job is of a `create` under way, or of one that died: so old, milliseconds, it is taken for the second. */
const ORPHAN_MS = 60_000;

/** What the name of an empty file in `queued/` says. */
export interface QueuedMarker extends Waiting {
  id: string;
  /** Not to be run before this instant, Unix seconds; absent where no delay was asked for. */
  dueAt?: number;
  file: string;
}

/**
 * Jobs that are not settled have an empty file that says so, whose name says all that its place in the queue depends on: a queue of
 * ten thousand is one folder listing, and settled jobs cost nothing. Markers only lead to jobs, the job's own
 * documents say what is true; so a marker is made before the change that it announces, and a stale one does no harm.
 */
function queuedName(status: JobStatus): string {
  const priority = Math.max(-PRIORITY_RANGE, Math.min(PRIORITY_RANGE, status.priority ?? 0));
  const rank = String(PRIORITY_RANGE - priority).padStart(7, '0');
  const client = status.rate_key === undefined ? '' : `-${clientName(status.rate_key)}`;
  // Only who asked for a delay has one: after the clock was set back, all others were created in the future.
  const due = status.not_before === undefined ? '' : `d${microseconds(status.not_before)}`;
  return `${rank}-${microseconds(turnOf(status))}${due}-${status.job_id}${client}`;
}

const microseconds = (seconds: number) => String(Math.round(seconds * 1e6)).padStart(17, '0');

/** A client as it stands in the name of a marker: any text may be a rate key. */
export function clientName(rateKey = ''): string {
  return rateKey === '' ? '' : createHash('sha256').update(rateKey).digest('hex').slice(0, 16);
}

function parseQueuedName(file: string): QueuedMarker | undefined {
  const parts = /^(\d{7})-(\d{17})(?:d(\d{17}))?-([0-9a-f]{32})(?:-([0-9a-f]{16}))?$/.exec(file);
  const [, rank, turn, due, id, client = ''] = parts ?? [];
  if (id === undefined || !isJobId(id)) return undefined;
  const priority = PRIORITY_RANGE - Number(rank);
  return {
    id,
    priority,
    client,
    turn: Number(turn) / 1e6,
    ...(due !== undefined && { dueAt: Number(due) / 1e6 }),
    file,
  };
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
    await writeNew(path, '', mode, { durably: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Removes the marker of `before`, unless it is that of `now` as well. */
export async function dropMarker(layout: Layout, before: JobStatus, now?: JobStatus): Promise<void> {
  const path = markerOf(layout, before);
  if (path && path !== (now && markerOf(layout, now))) await removeFile(path);
}

export async function dropQueuedMarker(layout: Layout, marker: QueuedMarker): Promise<void> {
  await removeFile(join(layout.queued, marker.file));
}

/** Removes the marker of a job that is not there, unless it is so young that the job may be about to come. */
export async function dropOrphanedMarker(layout: Layout, marker: QueuedMarker): Promise<void> {
  const file = await unlessMissing(lstat(join(layout.queued, marker.file)), undefined);
  if (file && Date.now() - file.mtimeMs > ORPHAN_MS) await dropQueuedMarker(layout, marker);
}

export async function dropRunningMarker(layout: Layout, id: string): Promise<void> {
  await removeFile(join(layout.running, id));
}

/** Jobs that wait, by priority and then by turn. */
export async function queuedMarkers(layout: Layout): Promise<QueuedMarker[]> {
  const names = (await readdir(layout.queued)).sort();
  return names.map(parseQueuedName).filter((marker) => marker !== undefined);
}

/** Ids of jobs that are being processed, or were when their worker died. */
export async function runningMarkers(layout: Layout): Promise<string[]> {
  return (await readdir(layout.running)).filter(isJobId);
}
