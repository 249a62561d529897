import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { failedResult } from '../../src/job/failed-result.js';
import type { Solver } from '../../src/solver/solver.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';

/** As rows of three chunks, two of which are written before the transaction sees the job. */
const IMAGE = Buffer.concat([Buffer.from('P5 800 800 255\n'), randomBytes(640_000)]);

/** Stands in for a solver that finds nothing, at once. */
const blind: Solver = {
  name: 'blind',
  inspect: async () => ({ name: 'blind', available: true }),
  solve: async () => {
    const nothing = new AstroJobsError('no_solution', 'Nothing found');
    return { kind: 'document', document: failedResult(nothing, {}), files: {} };
  },
};

describeWith(['postgres'], 'a job submitted in a transaction of the caller', () => {
  let server: TestServer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('create table observation (name text, job_id text)');
  });
  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  const open = () =>
    new AstroJobs({
      store: new PostgresJobStore({ connectionString: server.url }),
      solver: blind,
      isolation: 'none',
    });
  const count = async (table: string) =>
    Number((await client.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);

  it('is there, and is run, when it is committed together with what else the caller wrote', async () => {
    await using jobs = open();
    await client.query('begin');
    const { job_id } = await jobs.submit(IMAGE, {}, { transaction: client, tags: ['t'] });
    await client.query('insert into observation values ($1, $2)', ['m42', job_id]);
    await expect(jobs.status(job_id)).rejects.toMatchObject({ code: 'not_found' });
    await client.query('commit');
    expect(await jobs.enqueue(job_id)).toMatchObject({ job_id, tags: ['t'] });
    const image = Buffer.concat((await (await jobs.image(job_id)).read().toArray()) as Buffer[]);
    expect(image.equals(IMAGE)).toBe(true);
    expect((await jobs.wait(job_id)).ok).toBe(false);
    await jobs.remove(job_id);
  });

  it('never was when it is rolled back, and its bytes are swept', async () => {
    await using jobs = open();
    await client.query('begin');
    const { job_id } = await jobs.submit(IMAGE, {}, { transaction: client });
    await client.query('rollback');
    await expect(jobs.status(job_id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(jobs.enqueue(job_id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await jobs.store.counts()).toEqual({ queued: 0, processing: 0, done: 0, error: 0 });
    expect(await count('astro_jobs.file')).toBe(1);
    await jobs.store.sweep(0);
    expect([await count('astro_jobs.file'), await count('astro_jobs.chunk')]).toEqual([0, 0]);
  });

  it('may be one of many, of which all are there or none', async () => {
    await using jobs = open();
    const submissions = () => [
      ...Array.from({ length: 3 }, (_, index) => ({ image: IMAGE, tags: [`many-${index}`] })),
      { image: Buffer.from('no image') },
    ];
    await client.query('begin');
    const gone = await jobs.submitMany(submissions(), { transaction: client });
    expect(gone.map(({ error }) => error?.code)).toEqual([...Array(3).fill(undefined), 'unsupported_image']);
    await client.query('rollback');
    await expect(jobs.status(gone[0]!.status!.job_id)).rejects.toMatchObject({ code: 'not_found' });

    await client.query('begin');
    const made = await jobs.submitMany(submissions(), { transaction: client });
    expect((await jobs.list({ tag: 'many-1' })).jobs).toEqual([]);
    // What is refused has not ended the transaction.
    await client.query('insert into observation values ($1, $2)', ['many', made[1]!.status!.job_id]);
    await client.query('commit');
    expect((await jobs.list({ tag: 'many-1' })).jobs).toHaveLength(1);
    for (const { status } of made) {
      if (!status) continue;
      await jobs.enqueue(status.job_id);
      expect((await jobs.wait(status.job_id)).ok).toBe(false);
      await jobs.remove(status.job_id);
    }
    await client.query("delete from observation where name = 'many'");
    await jobs.store.sweep(0);
  });

  it('is the same job for the same idempotency key, within one transaction and after it', async () => {
    await using jobs = open();
    await client.query('begin');
    const options = { transaction: client, idempotencyKey: 'k', delaySeconds: 3600 };
    const first = await jobs.submit(IMAGE, {}, options);
    const second = await jobs.submit(IMAGE, {}, options);
    await client.query('commit');
    await client.query('begin');
    const third = await jobs.submit(IMAGE, {}, options);
    await client.query('rollback');
    expect([second.job_id, third.job_id]).toEqual([first.job_id, first.job_id]);
    expect((await jobs.store.counts()).queued).toBe(1);
    await jobs.remove(first.job_id);
  });

  it('is refused with words where there is no such transaction', async () => {
    await using jobs = open();
    await client.query('begin');
    await client.query('select 1 / 0').catch(() => {});
    const [lost] = await jobs.submitMany([{ image: IMAGE }], { transaction: client });
    expect(lost?.error?.code).toBe('storage_failed');
    await expect(jobs.submit(IMAGE, {}, { transaction: client })).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('transaction is aborted'),
    });
    await client.query('rollback');
    const pool = new pg.Pool({ connectionString: server.url });
    const refused = { code: 'invalid_params' };
    await expect(jobs.submit(IMAGE, {}, { transaction: pool })).rejects.toMatchObject(refused);
    await pool.end();
    await using elsewhere = new AstroJobs({ store: new MemoryJobStore() });
    await expect(elsewhere.submit(IMAGE, {}, { transaction: client })).rejects.toMatchObject(refused);
    expect((await jobs.store.counts()).queued).toBe(0);
  });
});
