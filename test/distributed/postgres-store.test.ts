import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { parseParams } from '../../src/job/params.js';
import { asStatus, type JobStatus, nowSeconds } from '../../src/job/status.js';
import { failed } from '../../src/job/transitions.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { migrations, tablesIn } from '../../src/store/postgres/schema.js';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';

const MIB = 2 ** 20;

function newStatus(fields: Partial<JobStatus> = {}): JobStatus {
  const now = nowSeconds();
  const job = { job_id: newJobId(), state: 'queued' as const, message: null, params: parseParams({}) };
  return asStatus({ ...job, created_at: now, updated_at: now, filename: 'sky.jpg', ...fields });
}

async function* bytes(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

async function* random(mebibytes: number): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < mebibytes; count += 1) yield randomBytes(MIB);
}

describeWith(['postgres'], 'PostgresJobStore on a real PostgreSQL', () => {
  let server: TestServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const scene = async (body: (store: PostgresJobStore, sql: pg.Pool, schema: string) => Promise<void>) => {
    schemas += 1;
    const schema = `quirks_${schemas}`;
    const store = new PostgresJobStore({ connectionString: server.url, schema });
    const sql = new pg.Pool({ connectionString: server.url, max: 2 });
    sql.on('error', () => {});
    try {
      await body(store, sql, schema);
    } finally {
      await store.close();
      await sql.end();
    }
  };

  it('is migrated once by many that start together, and refused by an older release', () =>
    scene(async (_store, sql, schema) => {
      const stores = Array.from(
        { length: 5 },
        () => new PostgresJobStore({ connectionString: server.url, schema }),
      );
      await Promise.all(stores.map((store) => store.counts()));
      await Promise.all(stores.map((store) => store.close()));
      expect((await sql.query(`select version from ${schema}.migration`)).rows).toEqual(
        migrations(tablesIn(schema)).map((_, index) => ({ version: index + 1 })),
      );
      await sql.query(`insert into ${schema}.migration (version) values (99)`);
      const older = new PostgresJobStore({ connectionString: server.url, schema });
      await expect(older.counts()).rejects.toMatchObject({
        code: 'storage_failed',
        message: expect.stringContaining('version 99'),
      });
      await older.close();
    }));

  it('keeps large images byte for byte, in whole and in part', () =>
    scene(async (store) => {
      const image = randomBytes(3 * MIB + 12_345);
      const { record } = await store.create(newStatus(), bytes(image));
      const file = (await store.image(record.status.job_id))!;
      const hash = createHash('sha256');
      for await (const part of file.read()) hash.update(part as Uint8Array);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(image).digest('hex'));
      for (const [start, end] of [
        [0, 0],
        [262_143, 262_144],
        [MIB, 3 * MIB],
        [image.length - 1, image.length + 99],
      ]) {
        const part = Buffer.concat((await file.read({ start, end }).toArray()) as Buffer[]);
        expect(part.equals(image.subarray(start, end! + 1))).toBe(true);
      }
    }));

  it('keeps what a text of PostgreSQL cannot hold, as far as it can', () =>
    scene(async (store) => {
      const { record } = await store.create(
        newStatus({ message: 'a\0b \ud800 c', filename: '🔭.jpg' }),
        bytes(Buffer.of(1)),
      );
      expect((await store.get(record.status.job_id))?.status.message).toBe('a\uFFFDb \uFFFD c');
      await store.appendLog(record.status.job_id, 'NUL \0 in a log\n');
      const log = await store.log(record.status.job_id);
      expect((await log!.read().toArray()).join('')).toBe('NUL \0 in a log\n');
    }));

  it('gives the disk back what is removed', () =>
    scene(async (store, sql, schema) => {
      const size = async () => {
        const { rows } = await sql.query<{ bytes: string }>(
          `select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = $1 and c.relkind = 'r'`,
          [schema],
        );
        return Number(rows[0]!.bytes);
      };
      const { record } = await store.create(newStatus(), random(20));
      expect(await size()).toBeGreaterThan(20 * MIB);
      await store.remove(record.status.job_id);
      await store.sweep(3600);
      expect(await size()).toBeLessThan(MIB);
      const again = await store.create(newStatus(), random(1));
      expect((await store.image(again.record.status.job_id))?.size).toBe(MIB);
    }));

  it('sweeps uploads that were broken off, and only those', () =>
    scene(async (store, sql, schema) => {
      await sql.query('select 1');
      const upload = store.create(
        newStatus(),
        (async function* () {
          yield* random(1);
          await sleep(400);
          throw new Error('the client went away');
        })(),
      );
      await expect(upload).rejects.toMatchObject({ name: 'AstroJobsError' });
      expect((await sql.query(`select from ${schema}.file`)).rowCount).toBe(0);
      await sql.query(
        `insert into ${schema}.file values ('00000000-0000-4000-8000-000000000000', null, false, '', 0, 1, now(), now() - interval '2 hours')`,
      );
      const kept = await store.create(newStatus(), random(1));
      await store.sweep(3600);
      expect((await sql.query(`select job_id from ${schema}.file`)).rows).toEqual([
        { job_id: kept.record.status.job_id },
      ]);
    }));

  it('reads a page and the next jobs along an index, among a hundred thousand', () =>
    scene(async (store, sql, schema) => {
      await store.counts();
      await sql.query(
        `insert into ${schema}.job (id, change, state, priority, created_at, due_at, run_at, document)
         select id, gen_random_uuid(), case when n % 5000 = 0 then 'error' else 'done' end, 0, n, 0, n,
           $1::jsonb || jsonb_build_object('job_id', id, 'created_at', n, 'state', case when n % 5000 = 0 then 'error' else 'done' end)
         from (select overlay(overlay(md5(n::text) placing '4' from 13) placing '8' from 17) as id, n
           from generate_series(1, 100000) n) made`,
        [JSON.stringify(newStatus())],
      );
      await sql.query(`analyze ${schema}.job`);
      expect(await store.counts()).toEqual({ queued: 0, processing: 0, done: 99_980, error: 20 });
      const first = await store.list({ limit: 50 });
      const rare = await store.list({ states: ['error'], limit: 50 });
      expect([first.jobs[0]?.created_at, first.jobs.length, rare.jobs.length, rare.next]).toEqual([
        100_000,
        50,
        20,
        undefined,
      ]);
      const deep = await store.list({ limit: 50, after: `50000-${'f'.repeat(32)}` });
      expect(deep.jobs[0]?.created_at).toBe(50_000);
      const { rows } = await sql.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, buffers) select id from ${schema}.job where state = 'done' and (created_at, id) < (50000, 'f')
         order by created_at desc, id desc limit 51`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Index.* Scan Backward using job_by_age/);
      expect(plan).not.toContain('Sort');
    }));

  it('reads no more jobs than a page has of a tag that thousands have, before the tables were analyzed', () =>
    scene(async (_store, sql, schema) => {
      const query = vi.spyOn(sql, 'query');
      const store = new PostgresJobStore({ pool: sql, schema });
      await store.counts();
      await sql.query(`alter table ${schema}.job set (autovacuum_enabled = off)`);
      await sql.query(`alter table ${schema}.job_tag set (autovacuum_enabled = off)`);
      const made = Array.from({ length: 3000 }, (_, n) => ({
        status: newStatus({ tags: ['night', `frame-${n}`] }),
        image: bytes(Buffer.alloc(16)),
      }));
      await store.createMany(made);
      expect((await store.list({ tag: 'night', limit: 50 })).jobs).toHaveLength(50);
      const [text, values] = query.mock.lastCall as unknown as [string, unknown[]];
      const { rows } = await sql.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, timing off) ${text}`,
        values,
      );
      const read = rows.flatMap((row) => [...row['QUERY PLAN'].matchAll(/actual rows=(\d+)/g)]);
      expect(read.length).toBeGreaterThan(1);
      expect(Math.max(...read.map(([, count]) => Number(count)))).toBe(51);
      await store.close();
    }));

  it('tells listeners of changes made by others, and listens again after a restart', () =>
    scene(async (store, _sql, schema) => {
      const other = new PostgresJobStore({ connectionString: server.url, schema });
      const heard = new Set<string>();
      const stop = other.subscribe((id) => heard.add(id));
      const told = async () => {
        const { record } = await store.create(newStatus(), bytes(Buffer.of(1)));
        for (let tries = 0; tries < 100 && !heard.has(record.status.job_id); tries += 1) await sleep(20);
        return heard.has(record.status.job_id);
      };
      while (!(await told())) await sleep(10);
      await server.restart('immediate');
      while (!(await told())) await sleep(10);
      stop();
      await other.close();
      expect(heard.size).toBeGreaterThanOrEqual(2);
    }));

  it('closes, more than once, though it has only begun to listen', () =>
    scene(async (_store, _sql, schema) => {
      for (let pause = 0; pause < 24; pause += 1) {
        const other = new PostgresJobStore({ connectionString: server.url, schema });
        other.subscribe(() => {});
        await sleep(pause);
        await Promise.all([other.close(), other.close()]);
        await other.close();
      }
    }));

  it('makes a change exactly once though the database is restarted under it', () =>
    scene(async (store) => {
      const { record } = await store.create(newStatus(), bytes(Buffer.of(1)));
      const restarting = server.restart('immediate', 300);
      const next = failed(record.status, 'cancelled', 'The job was cancelled', nowSeconds());
      const result = { ok: false as const, error: 'cancelled', error_code: 'cancelled' as const };
      const changed = await store.replace(record.status.job_id, record.revision, next, { result, files: {} });
      await restarting;
      expect(changed?.status.state).toBe('error');
      expect(await store.result(record.status.job_id)).toEqual(result);
      expect((await store.counts()).error).toBe(1);
    }));

  it('rejects with `storage_failed` when the database stays away, and hurts no caller', async () => {
    const away = new PostgresJobStore({
      connectionString: 'postgres://unknown@127.0.0.1:9/none',
      retrySeconds: 0.3,
    });
    const stop = away.subscribe(() => {});
    await expect(away.get(newJobId())).rejects.toMatchObject({ code: 'storage_failed' });
    stop();
    await away.close();
    await expect(away.get(newJobId())).rejects.toMatchObject({ code: 'closed' });
    expect(() => new PostgresJobStore({ schema: 'a"; drop' })).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });

  it('passes an image of 200 MB through 64 MB of memory, in and out', { timeout: 180_000 }, async () => {
    const script = fileURLToPath(new URL('./large-image.mjs', import.meta.url));
    const child = spawn(process.execPath, ['--expose-gc', script, server.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString();
    });
    await new Promise((resolve) => child.once('close', resolve));
    const figures = JSON.parse(output) as { same: boolean; grownBytes: number; size: number };
    expect(figures).toMatchObject({ same: true, size: 200_000_000, passed: 400_000_000 });
    expect(figures.grownBytes).toBeLessThan(64 * MIB);
  });
});
