import { closeSync, constants, lstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { readId, WORDS } from './id-slots.js';
import { isMissing } from './missing.js';
import { MAX_DOCUMENT_BYTES } from './regular-files.js';

/** What a thread is told of the jobs that it is to look at. All but `folders` have one entry for each. */
export interface Look {
  folders: { root: string; revisions: string };
  /** `WORDS` numbers for each. */
  ids: Uint32Array;
  /** Versions that the caller has the text of, and needs no more than to know so; `NaN` for none. */
  had: Float64Array;
  /** Versions that are in the index: what they say has been checked. `NaN` for none. */
  known: Float64Array;
  /** 1 for jobs that are not settled: whoever changes another says so by a marker, so that its history need not be asked. */
  withHistory: Uint8Array;
}

/** A job whose version is not the one that the caller has the text of. */
export interface FoundStatus {
  /** Its number among those asked for. */
  at: number;
  version: number;
  /** `status.json`, where it is the newest change; absent where the documents must be read to know. */
  text?: string;
}

export interface Looked {
  /** How many of those asked for were looked at, from the first; not all of them where there is much to read. */
  count: number;
  found: FoundStatus[];
}

/** Bytes of text in one answer, about. */
const ENOUGH = 2 ** 20;
/** Never through a symbolic link, and without waiting where something else than a file stands in its place. */
const { O_NOFOLLOW, O_NONBLOCK } = constants;

const buffer = Buffer.alloc(MAX_DOCUMENT_BYTES.status + 1);
const parts = new Float64Array(3);

/**
 * Looks at the documents of jobs. Synchronous calls take a fifth of the time of others: this is for a thread that may wait for a disk.
 * A version is a number that tells, without reading them, whether the documents of a job have changed: of when `status.json` was changed,
 * of its inode, since whoever replaces a file whole leaves another, and of when a change was last added to the history.
 */
export function look({ folders, ids, had, known, withHistory }: Look): Looked {
  const found: FoundStatus[] = [];
  let length = 0;
  let at = 0;
  for (; at < had.length && length < ENOUGH; at += 1) {
    const id = readId(ids, at * WORDS);
    const one = lookAt(folders, id, withHistory[at] === 1, had[at], known[at]);
    if (!one) continue;
    length += one.text?.length ?? 0;
    found.push({ at, ...one });
  }
  return { count: at, found };
}

function lookAt(
  folders: Look['folders'],
  id: string,
  withHistory: boolean,
  had: number | undefined,
  known: number | undefined,
): Omit<FoundStatus, 'at'> | undefined {
  const folder = `${folders.root}/${id}`;
  const path = `${folder}/status.json`;
  const history = `${folders.revisions}/${id}`;
  let version = 0;
  try {
    const status = statOf(path);
    parts.set([status?.mtimeMs ?? 0, status?.ino ?? 0, withHistory ? (statOf(history)?.mtimeMs ?? 0) : 0]);
    // Signed, it takes no memory of its own.
    version = crc32(parts) | 0;
    if (version === had) return undefined;
    if (!status?.isFile() || status.size > MAX_DOCUMENT_BYTES.status) return { version };
    const text = textOf(path);
    const isWhole = version === known || (statOf(folder)?.isDirectory() && isNewest(text, history));
    return isWhole ? { version, text } : { version };
  } catch {
    // Whoever reads the documents is told what is wrong.
    return version === had ? undefined : { version };
  }
}

/** Whether no later change is in the history; other programs write none. */
function isNewest(text: string, history: string): boolean {
  const { revision } = JSON.parse(text) as { revision?: unknown };
  const later = Number.isSafeInteger(revision) ? `${history}/${(revision as number) + 1}.json` : history;
  return statOf(later) === undefined;
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function textOf(path: string): string {
  const file = openSync(path, O_NOFOLLOW | O_NONBLOCK);
  try {
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, null));
  } finally {
    closeSync(file);
  }
}
