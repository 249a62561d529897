import { WORDS, writeId } from './id-slots.js';
import type { IndexedJobs } from './indexed-jobs.js';
import type { Look } from './look.js';

/** Jobs to look at, with what is known of them. */
export interface SoughtJobs extends Omit<Look, 'folders'> {
  /** See `IndexedJobs.stampOf`. */
  stamps: Uint32Array;
}

function noneYet(count: number): SoughtJobs {
  return {
    ids: new Uint32Array(count * WORDS),
    had: new Float64Array(count),
    known: new Float64Array(count),
    withHistory: new Uint8Array(count),
    stamps: new Uint32Array(count),
  };
}

const isUnsettled = (jobs: IndexedJobs, row: number) => {
  const state = jobs.stateOf(row);
  return state === 'queued' || state === 'processing';
};

/** Jobs of the index, to compare them with their folders. */
export function soughtRows(jobs: IndexedJobs, rows: readonly number[]): SoughtJobs {
  const sought = noneYet(rows.length);
  const { ids, versions, stamps } = jobs.columns;
  for (const [at, row] of rows.entries()) {
    for (let word = 0; word < WORDS; word += 1) sought.ids[at * WORDS + word] = ids[row * WORDS + word] ?? 0;
    sought.had[at] = sought.known[at] = versions[row] ?? Number.NaN;
    sought.withHistory[at] = isUnsettled(jobs, row) ? 1 : 0;
    sought.stamps[at] = stamps[row] ?? 0;
  }
  return sought;
}

/**
 * Any jobs, known or not.
 * @param hadOf version that the caller has the text of; `NaN` for none
 */
export function soughtIds(
  jobs: IndexedJobs,
  ids: readonly string[],
  hadOf: (id: string) => number,
): SoughtJobs {
  const sought = noneYet(ids.length);
  for (const [at, id] of ids.entries()) {
    writeId(id, sought.ids, at * WORDS);
    sought.had[at] = hadOf(id);
    sought.known[at] = jobs.versionOf(id);
    sought.withHistory[at] = isUnsettled(jobs, jobs.rowOf(id)) ? 1 : 0;
    sought.stamps[at] = jobs.stampOf(id);
  }
  return sought;
}
