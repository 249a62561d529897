import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, it } from 'vitest';
import { Fleet, until } from './fleet.js';
import { onEachEngine } from './servers.js';

/** Quads of half a degree and less: fields up to 5°; of 10° and more: fields from 10° on. */
const NARROW: [number, number][] = [[1, 30]];
const WIDE: [number, number][] = [[600, 2000]];
const NARROW_JOB = { scale_low: 1, scale_high: 2 };
const WIDE_JOB = { scale_low: 40, scale_high: 60 };

onEachEngine('workers and submitters on BullMQ', (server, engine) => {
  for (const { own, other, mine, theirs } of [
    { own: NARROW, other: WIDE, mine: NARROW_JOB, theirs: WIDE_JOB },
    { own: WIDE, other: NARROW, mine: WIDE_JOB, theirs: NARROW_JOB },
  ]) {
    const field = own === NARROW ? 'wide' : 'narrow';
    it(`leaves a ${field} field to the worker whose index files cover it, as long as it lives`, async () => {
      await using fleet = await Fleet.open({ url: server().url });
      const able = await fleet.work('able', { indexes: other, byHand: true });
      await fleet.submit(16, theirs);
      await until(() => fleet.runsOf('able').length === 1);

      // The able one is busy: whatever is submitted now, the other takes first.
      await fleet.work('unable', { indexes: own });
      await fleet.submit(17, theirs);
      await fleet.submit(18, theirs);
      await fleet.submit(19, mine);
      await until(() => fleet.runsOf('unable').length === 1);
      expect(fleet.runsOf('unable')).toEqual([19]);
      fleet.end(16);
      await until(() => fleet.runsOf('able').length === 2);
      expect(fleet.runsOf('able')).toEqual([16, 17]);

      // No worker covers them any more: better tried than left lying.
      await able.close({ graceSeconds: 0 });
      await until(() => fleet.runsOf('unable').length === 3);
      expect(fleet.runsOf('unable').sort()).toEqual([17, 18, 19]);
      await until(async () => (await fleet.jobs.store.counts()).error === 4);
    });
  }

  it('lets a user with many jobs stand in no other user’s way', async () => {
    await using fleet = await Fleet.open({ url: server().url, rateLimit: { max: 2, seconds: 3600 } });
    for (const width of [16, 17, 18, 19, 20]) await fleet.submit(width, {}, { rateKey: 'many' });
    for (const width of [31, 32]) await fleet.submit(width, {}, { rateKey: 'few' });
    await fleet.submit(40);
    await fleet.work('only');
    await until(async () => (await fleet.jobs.store.counts()).error === 5);
    expect(fleet.runsOf('only').sort()).toEqual([16, 17, 31, 32, 40]);
    expect(await fleet.jobs.store.counts()).toMatchObject({ queued: 3, processing: 0 });
  });

  it('starts the jobs beyond a limit one after the other, each in its time', async () => {
    await using fleet = await Fleet.open({ url: server().url, rateLimit: { max: 1, seconds: 1 } });
    await fleet.work('only', { concurrency: 3 });
    const ids = [];
    for (const width of [16, 17, 18]) ids.push(await fleet.submit(width, {}, { rateKey: 'one' }));
    await until(async () => (await fleet.jobs.store.counts()).error === 3);
    const ends = await Promise.all(ids.map((id) => fleet.jobs.status(id)));
    // By the engine's clock, in whole milliseconds.
    for (const [turn, end] of ends.entries())
      expect(end.started_at! - ends[0]!.created_at).toBeGreaterThan(turn - 0.01);
    expect(fleet.runsOf('only')).toEqual([16, 17, 18]);
  });

  it('makes one job of one idempotency key, whichever processes submit it', async () => {
    await using fleet = await Fleet.open({ url: server().url });
    await using elsewhere = fleet.submitter();
    await fleet.work('only', { concurrency: 2 });
    const image = Buffer.concat([Buffer.from('P5 16 16 255\n'), Buffer.alloc(256, 7)]);
    const submit = (jobs: typeof elsewhere) =>
      jobs.submit(image, {}, { filename: 'sky.pgm', idempotencyKey: 'night 1, frame 7' });
    const submitted = await Promise.all([submit(fleet.jobs), submit(elsewhere), submit(elsewhere)]);
    expect(new Set(submitted.map(({ job_id }) => job_id)).size).toBe(1);
    await fleet.jobs.wait(submitted[0]!.job_id);
    expect((await submit(elsewhere)).job_id).toBe(submitted[0]!.job_id);
    const last = await fleet.submit(17);
    await fleet.jobs.wait(last);
    expect(fleet.runsOf('only')).toEqual([16, 17]);
  });

  it('ends a job that another process cancels, running or waiting', async () => {
    await using fleet = await Fleet.open({ url: server().url });
    await using elsewhere = fleet.submitter();
    await fleet.work('only', { byHand: true });
    const running = await fleet.submit(16);
    const waiting = await fleet.submit(17);
    await until(() => fleet.runs.length === 1);
    for (const id of [waiting, running]) {
      await elsewhere.cancel(id);
      expect(await fleet.jobs.wait(id)).toMatchObject({ ok: false, error_code: 'cancelled' });
    }
    const next = await fleet.submit(18);
    await until(() => fleet.runs.length === 2);
    fleet.end(18);
    await elsewhere.wait(next);
    expect(fleet.runsOf('only')).toEqual([16, 18]);
  });

  it('runs every job of the store once though the engine is emptied', async () => {
    await using fleet = await Fleet.open({ url: server().url });
    await fleet.work('only', { byHand: true });
    for (const width of [16, 17, 18]) await fleet.submit(width);
    const later = await fleet.submit(19, {}, { delaySeconds: 2 });
    await until(() => fleet.runs.length === 1);
    await (engine === 'redis' ? emptyRedis(server().url) : emptyPostgres(server().url));
    for (const [index, width] of [16, 17, 18, 19].entries()) {
      await until(() => fleet.runs.length === index + 1);
      fleet.end(width);
    }
    const { started_at, created_at } = await until(async () => {
      const status = await fleet.jobs.status(later);
      return status.state === 'error' && status;
    });
    expect(started_at! - created_at).toBeGreaterThan(1.99);
    expect(fleet.runsOf('only').sort()).toEqual([16, 17, 18, 19]);
    expect(await fleet.jobs.store.counts()).toMatchObject({ queued: 0, processing: 0, error: 4 });
  });
});

async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}

async function emptyPostgres(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('truncate bullmq.job, bullmq.event, bullmq.meta cascade');
  await client.end();
}
