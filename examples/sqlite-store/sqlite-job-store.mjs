import { readFile } from 'node:fs/promises';
import { AstroJobsError, JOB_STATES } from 'astro-jobs';
import sqlite from 'node-sqlite3-wasm';
import { columnsOf, leaseUntil, nowSeconds, parsed, recordOf, storedFile } from './rows.mjs';
import { RUNNABLE, SCHEMA } from './schema.mjs';

const CURSOR = /^([0-9.]+)\/([0-9a-f]{32})$/;

/**
 * Jobs, images, results and logs in one SQLite file, for the processes of one machine.
 * @implements {import('astro-jobs').JobStore}
 */
export class SqliteJobStore {
  capabilities = { durable: true, shared: 'host', localFiles: false };
  #database;
  #listeners = new Set();

  constructor({ file }) {
    this.#database = new sqlite.Database(file);
    this.#database.exec(SCHEMA);
  }

  async check() {
    this.#guarded(() => this.#database.get('select value from sequence'));
  }

  async create(status, image) {
    const existing = await this.get(status.job_id);
    if (existing) return { record: existing, created: false };
    const parts = [];
    for await (const part of image) parts.push(Buffer.from(part));
    const made = this.#transaction(() => {
      // Another call may have made the job while the image came.
      if (this.#row(status.job_id)) return false;
      const [document, ...columns] = columnsOf(status);
      this.#database.run(
        `insert into job (id, revision, document, state, priority, created_at, not_before, rate_key, tags,
           lease_until) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [status.job_id, this.#nextRevision(), document, ...columns],
      );
      this.#addFile(status.job_id, 'image', status.filename ?? 'image', Buffer.concat(parts));
      return true;
    });
    if (made) this.#changed(status.job_id);
    return { record: await this.get(status.job_id), created: made };
  }

  async get(id) {
    return this.#guarded(() => recordOf(this.#row(id)));
  }

  async replace(id, revision, next, outcome) {
    const files = [];
    if (outcome) {
      files.push(['result.json', Buffer.from(JSON.stringify(outcome.result))]);
      for (const [name, path] of Object.entries(outcome.files)) files.push([name, await readFile(path)]);
    }
    const record = this.#transaction(() => {
      const { changes } = this.#database.run(
        `update job set document = ?, state = ?, priority = ?, created_at = ?, not_before = ?, rate_key = ?, tags = ?,
           lease_until = ?, revision = ? where id = ? and revision = ?`,
        [...columnsOf(next), this.#nextRevision(), id, revision],
      );
      if (changes === 0) return undefined;
      if (outcome || next.state === 'queued')
        this.#database.run(`delete from file where job_id = ? and kind = 'output'`, [id]);
      for (const [name, bytes] of files) this.#addFile(id, 'output', name, bytes);
      if (outcome?.log) this.#addLog(id, outcome.log);
      return recordOf(this.#row(id));
    });
    if (record) this.#changed(id);
    return record;
  }

  async renew(id, revision, progress) {
    const renewed = this.#transaction(() => {
      const record = recordOf(this.#row(id));
      if (record?.revision !== revision) return false;
      const status = { ...record.status, updated_at: nowSeconds(), ...(progress && { progress }) };
      this.#database.run('update job set document = ?, lease_until = ? where id = ?', [
        JSON.stringify(status),
        leaseUntil(status),
        id,
      ]);
      return true;
    });
    if (renewed) this.#changed(id);
    return renewed;
  }

  async runnable({ now, limit, served = [] }) {
    return this.#guarded(() => {
      const lost = this.#database.all(
        `select id from job where state = 'processing' and lease_until <= ? order by lease_until limit ?`,
        [nowSeconds(), limit],
      );
      const due = this.#database.all(RUNNABLE, [now, JSON.stringify(served), limit]);
      return [...lost, ...due].slice(0, limit).map(({ id }) => id);
    });
  }

  async list({ states = JOB_STATES, rateKey, tag, limit = 100, after } = {}) {
    const [, time, last] = after === undefined ? [] : (CURSOR.exec(after) ?? []);
    if (after !== undefined && last === undefined)
      throw new AstroJobsError('invalid_params', 'Expected `after` to be the `next` of an earlier page');
    const where = [`state in (${states.map(() => '?').join(', ')})`];
    const values = [...states];
    if (rateKey !== undefined) {
      where.push('rate_key = ?');
      values.push(rateKey);
    }
    if (tag !== undefined) {
      where.push('exists (select 1 from json_each(tags) where value = ?)');
      values.push(tag);
    }
    if (last !== undefined) {
      where.push('(created_at, id) < (?, ?)');
      values.push(Number(time), last);
    }
    const rows = this.#guarded(() =>
      this.#database.all(
        `select * from job where ${where.join(' and ')} order by created_at desc, id desc limit ?`,
        [...values, limit + 1],
      ),
    );
    const page = { jobs: [], damaged: [] };
    for (const row of rows.slice(0, limit)) {
      try {
        page.jobs.push(recordOf(row).status);
      } catch (error) {
        page.damaged.push({ job_id: row.id, problem: error.message });
      }
    }
    const end = rows[limit - 1];
    return rows.length > limit ? { ...page, next: `${end.created_at}/${end.id}` } : page;
  }

  async oldestQueued() {
    const row = this.#guarded(() =>
      this.#database.get("select * from job where state = 'queued' order by created_at, id limit 1", []),
    );
    return row ? recordOf(row).status : undefined;
  }

  async counts(states = JOB_STATES) {
    const rows = this.#guarded(() =>
      this.#database.all('select state, count(*) as jobs from job group by state'),
    );
    const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0]));
    for (const { state, jobs } of rows) if (states.includes(state)) counts[state] = jobs;
    return counts;
  }

  async result(id) {
    const [row] = this.#files(id, 'output', 'result.json');
    return row && parsed(Buffer.from(row.bytes).toString(), id);
  }

  async image(id) {
    const [row] = this.#files(id, 'image');
    return row && storedFile(row);
  }

  async files(id) {
    return this.#files(id, 'output').map(storedFile);
  }

  async appendLog(id, text) {
    this.#guarded(() => this.#addLog(id, text));
  }

  async log(id) {
    return this.#guarded(() => {
      const job = this.#row(id);
      if (!job) return undefined;
      const rows = this.#database.all('select text, written_at from log where job_id = ? order by position', [
        id,
      ]);
      const bytes = Buffer.from(rows.map(({ text }) => text).join(''));
      return storedFile({ name: 'task.log', bytes, modified_at: rows.at(-1)?.written_at ?? job.created_at });
    });
  }

  async remove(id) {
    const { changes } = this.#guarded(() => this.#database.run('delete from job where id = ?', [id]));
    if (changes > 0) this.#changed(id);
    return changes > 0;
  }

  /** Interrupted calls leave nothing: each is one transaction. */
  async sweep() {}

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close() {
    this.#listeners.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #row(id) {
    return this.#database.get('select * from job where id = ?', [id]) ?? undefined;
  }

  #nextRevision() {
    return this.#database.get('update sequence set value = value + 1 returning value').value;
  }

  #addFile(id, kind, name, bytes) {
    this.#database.run('insert into file (job_id, kind, name, bytes, modified_at) values (?, ?, ?, ?, ?)', [
      ...[id, kind, name, bytes, nowSeconds()],
    ]);
  }

  #addLog(id, text) {
    this.#database.run('insert into log (job_id, text, written_at) select id, ?, ? from job where id = ?', [
      ...[text, nowSeconds(), id],
    ]);
  }

  #files(id, kind, name = null) {
    return this.#guarded(() =>
      this.#database.all(
        'select name, bytes, modified_at from file where job_id = ?1 and kind = ?2 and name = coalesce(?3, name) order by name',
        [id, kind, name],
      ),
    );
  }

  /** Takes the lock of the file at once, so that what is read in `act` is still so when it writes. */
  #transaction(act) {
    return this.#guarded(() => {
      this.#database.exec('begin immediate');
      try {
        const answer = act();
        this.#database.exec('commit');
        return answer;
      } catch (error) {
        if (this.#database.inTransaction) this.#database.exec('rollback');
        throw error;
      }
    });
  }

  #guarded(act) {
    try {
      return act();
    } catch (error) {
      if (error instanceof AstroJobsError) throw error;
      const code = /\bfull\b/.test(error.message) ? 'storage_full' : 'storage_failed';
      throw new AstroJobsError(code, `SQLite says: ${error.message}`, { cause: error });
    }
  }

  #changed(id) {
    for (const listener of this.#listeners) listener(id);
  }
}
