import { describe, expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { JOB_STATES, type JobStatus } from '../../src/job/status.js';
import { IndexedJobs } from '../../src/store/file-system/indexed-jobs.js';
import type { ListOptions } from '../../src/store/job-store.js';
import { seededRandom } from '../sky/random.js';

const LIMIT = 1000;

/** The same by sorting. */
function sorted(jobs: Iterable<JobStatus>): string[] {
  return [...jobs]
    .sort((a, b) => b.created_at - a.created_at || (a.job_id < b.job_id ? 1 : -1))
    .map((job) => job.job_id);
}

function expectAlike(indexed: IndexedJobs, jobs: ReadonlyMap<string, JobStatus>): void {
  const all = sorted(jobs.values());
  const taken = (options: ListOptions, from?: string) => {
    const job = from === undefined ? undefined : jobs.get(from);
    const after = job && { createdAt: job.created_at, id: job.job_id };
    return indexed.take(LIMIT, options, after).map(({ id }) => id);
  };
  expect(taken({})).toEqual(all);
  expect(indexed.size).toBe(jobs.size);
  const middle = all[Math.floor(all.length / 2)];
  expect(taken({}, middle)).toEqual(all.slice(all.indexOf(middle ?? '') + 1));
  const some = (passes: (job: JobStatus) => boolean) => sorted([...jobs.values()].filter(passes));
  expect(taken({ states: ['error'] })).toEqual(some(({ state }) => state === 'error'));
  expect(taken({ rateKey: 'b', states: ['done', 'queued'] })).toEqual(
    some(({ state, rate_key }) => rate_key === 'b' && (state === 'done' || state === 'queued')),
  );
  expect(taken({ tag: 'M 31' })).toEqual(some(({ tags }) => tags?.includes('M 31') ?? false));
  expect(taken({ rateKey: 'c' })).toEqual([]);
  expect(taken({ tag: 'M' })).toEqual([]);
}

describe('the jobs of an index', () => {
  it('are in the order of their age, and found, whatever came and went, few or many at a time', () => {
    const { uniform } = seededRandom(5);
    const one = <T>(of: readonly T[]): T => of[Math.floor(uniform() * of.length)]!;
    const jobs = new Map<string, JobStatus>();
    const indexed = new IndexedJobs();
    for (let round = 0; round < 60; round++) {
      for (let changes = one([1, 5, 200]); changes > 0; changes--) {
        const old = jobs.size > 0 && uniform() < 0.5 ? one([...jobs.keys()]) : undefined;
        if (old !== undefined && uniform() < 0.6) {
          indexed.forget(old);
          jobs.delete(old);
          continue;
        }
        // Of one instant there are several; an id may come back as another job.
        const before = old === undefined ? undefined : jobs.get(old);
        const created_at = before && uniform() < 0.5 ? before.created_at : Math.floor(uniform() * 50);
        const status = {
          job_id: old ?? newJobId(),
          state: one(JOB_STATES),
          ...{ message: null, params: {}, created_at, updated_at: 0 },
          rate_key: one(['a', 'b', undefined]),
          tags: one([undefined, ['M 31'], ['M 31', 'x"'], ['M 3']]),
        } as JobStatus;
        indexed.put(status, round);
        jobs.set(status.job_id, status);
        expect(indexed.versionOf(status.job_id)).toBe(round);
      }
      if (round % 3 !== 1) expectAlike(indexed, jobs);
    }
    for (const id of jobs.keys()) expect(indexed.idOf(indexed.rowOf(id))).toBe(id);
    expectAlike(new IndexedJobs(indexed.toKeep()), jobs);
  });

  it('tell whether anything has changed', () => {
    const indexed = new IndexedJobs();
    const job_id = newJobId();
    const times = { created_at: 1, updated_at: 1 };
    const status: JobStatus = { job_id, state: 'queued', message: null, params: {}, ...times };
    const stamps = [indexed.stampOf(job_id)];
    indexed.put(status, 1);
    stamps.push(indexed.stampOf(job_id));
    indexed.put(status, 1);
    stamps.push(indexed.stampOf(job_id));
    indexed.putStray(job_id, { version: 2, problem: 'damaged' });
    stamps.push(indexed.stampOf(job_id));
    expect(stamps[0]).toBe(0);
    expect(new Set(stamps).size).toBe(stamps.length);
    indexed.forget(job_id);
    expect(indexed.stampOf(job_id)).toBe(0);
  });
});
