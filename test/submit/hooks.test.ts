import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import type { AstroJobsOptions } from '../../src/astro-jobs-options.js';
import { createHandler } from '../../src/http/index.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { failedResult } from '../../src/job/failed-result.js';
import type { PendingSubmission, SettledJob } from '../../src/job/hooks.js';
import type { Logger } from '../../src/job/logger.js';
import type { Solver } from '../../src/solver/solver.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';

const IMAGE = Buffer.concat([Buffer.from('P5 64 64 255\n'), Buffer.alloc(4096, 9)]);

/** Stands in for a solver that finds nothing, at once. */
const blind: Solver = {
  name: 'blind',
  inspect: async () => ({ name: 'blind', available: true }),
  solve: async () => {
    const nothing = new AstroJobsError('no_solution', 'Nothing found');
    return { kind: 'document', document: failedResult(nothing, {}), files: {} };
  },
};

const open = (options: AstroJobsOptions) =>
  new AstroJobs({
    store: new MemoryJobStore(),
    solver: blind,
    isolation: 'none',
    concurrency: 1,
    ...options,
  });

function loggerOf(lines: string[]): Logger {
  const write = (_: object, message: string) => void lines.push(message);
  return { debug() {}, info() {}, warn: write, error: write };
}

describe('beforeSubmit', () => {
  it('is told what is submitted, and changes parameters, tags and metadata', async () => {
    const told: PendingSubmission[] = [];
    await using jobs = open({
      hooks: {
        beforeSubmit: async (submission) => {
          told.push(submission);
          return { params: { ...submission.params, timeout: 7 }, tags: ['a', 'b'], metadata: { seen: true } };
        },
      },
    });
    const given = { filename: 'm42.pgm', rateKey: 'ann', tags: ['a'] };
    const status = await jobs.submit(IMAGE, { scale_low: 2 }, given);
    expect(told).toMatchObject([{ ...given, params: { scale_low: 2, downsample: expect.any(Number) } }]);
    expect(status).toMatchObject({
      params: { scale_low: 2, timeout: 7 },
      tags: ['a', 'b'],
      metadata: { seen: true },
    });
    const [one] = await jobs.submitMany([{ image: IMAGE, params: { scale_low: 3 } }]);
    expect(one?.status).toMatchObject({ params: { scale_low: 3, timeout: 7 }, tags: ['a', 'b'] });
  });

  it('refuses by throwing, and its changes are checked; then there is no job', async () => {
    const answers = new Map<string, () => never | object>([
      [
        'plain',
        () => {
          throw new Error('No darks here');
        },
      ],
      [
        'coded',
        () => {
          throw new AstroJobsError('too_many_jobs', 'Not today');
        },
      ],
      ['range', () => ({ params: { timeout: -1 } })],
      ['tags', () => ({ tags: ['a,b'] })],
      ['unknown', () => ({ priority: 3 })],
      ['text', () => 'yes' as never],
    ]);
    await using jobs = open({
      hooks: { beforeSubmit: ({ filename }) => answers.get(filename)?.() as never },
    });
    const codes = await Promise.all(
      [...answers.keys()].map((filename) =>
        jobs.submit(IMAGE, {}, { filename }).then(
          () => 'submitted',
          (error: AstroJobsError) => [error.code, error.message],
        ),
      ),
    );
    expect(codes.map(([code]) => code)).toEqual([
      'refused',
      'too_many_jobs',
      ...Array(4).fill('invalid_params'),
    ]);
    expect(codes[0]?.[1]).toBe('No darks here');
    const outcomes = await jobs.submitMany([
      { image: IMAGE, filename: 'plain' },
      { image: IMAGE, filename: 'x' },
    ]);
    expect(outcomes.map(({ error }) => error?.code)).toEqual(['refused', undefined]);
    expect(Object.values(await jobs.store.counts()).reduce((sum, count) => sum + count)).toBe(1);
  });

  it('leaves a repeated Idempotency-Key the same request over HTTP, and is told as 403', async () => {
    await using jobs = open({
      hooks: {
        beforeSubmit: ({ params, filename }) => {
          if (filename === 'dark') throw new Error('No darks here');
          return { params: { ...params, timeout: 7 } };
        },
      },
    });
    const handler = createHandler(jobs);
    const post = async (headers: Record<string, string>) => {
      const request = new Request('http://localhost/api/v1/jobs', { method: 'POST', body: IMAGE, headers });
      const response = await handler(request);
      return {
        status: response.status,
        ...((await response.json()) as { job_id?: string; error_code?: string }),
      };
    };
    const first = await post({ 'idempotency-key': 'k' });
    expect(first.status).toBe(202);
    expect(await post({ 'idempotency-key': 'k' })).toMatchObject({ status: 202, job_id: first.job_id });
    expect(await post({ 'x-filename': 'dark' })).toMatchObject({ status: 403, error_code: 'refused' });
  });
});

describe('afterResult', () => {
  it('is told of each job that a run has settled, with its result, when that is stored', async () => {
    const told: SettledJob[] = [];
    const stored: boolean[] = [];
    await using jobs = open({
      hooks: {
        afterResult: async (job) => {
          stored.push((await jobs.result(job.status.job_id)).ok);
          told.push(job);
        },
      },
    });
    const { job_id } = await jobs.submit(IMAGE, {}, { tags: ['t'] });
    const result = await jobs.wait(job_id);
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]?.status).toMatchObject({ job_id, state: 'error', tags: ['t'] });
    expect(told[0]?.result).toEqual(result);
    expect(stored).toEqual([false]);
  });

  it('costs no job by what it throws, which is logged', async () => {
    const lines: string[] = [];
    await using jobs = open({
      logger: loggerOf(lines),
      hooks: {
        afterResult: () => {
          throw new Error('broken');
        },
      },
    });
    for (const _ of [1, 2]) {
      const { job_id } = await jobs.submit(IMAGE);
      expect((await jobs.wait(job_id)).ok).toBe(false);
    }
    await expect.poll(() => lines.filter((line) => line === 'The hook afterResult failed').length).toBe(2);
  });

  it('is not waited for by a host that closes', async () => {
    const lines: string[] = [];
    const signals: AbortSignal[] = [];
    const jobs = open({
      logger: loggerOf(lines),
      hooks: {
        afterResult: ({ signal }) => {
          signals.push(signal);
          return sleep(600_000, undefined, { ref: false });
        },
      },
    });
    const { job_id } = await jobs.submit(IMAGE);
    await jobs.wait(job_id);
    await expect.poll(() => signals.length).toBe(1);
    await jobs.close({ graceSeconds: 0 });
    expect(signals[0]?.aborted).toBe(true);
    expect(lines).toContain('The hook afterResult has not ended in time, and is not waited for');
  });
});
