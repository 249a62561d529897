// `npm test`: the store keeps what the library's JobStore interface promises, and a job runs on it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AstroJobs } from 'astro-jobs';
import { describeStore } from 'astro-jobs/testing';
import { SqliteJobStore } from './sqlite-job-store.mjs';

const PHOTOGRAPH = fileURLToPath(new URL('../orion.jpg', import.meta.url));

async function freshStore() {
  const dir = await mkdtemp(join(tmpdir(), 'sqlite-store-'));
  const file = join(dir, 'jobs.db');
  const store = new SqliteJobStore({ file });
  const dispose = async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { store, file, dispose };
}

describeStore({ describe, it }, 'SqliteJobStore', freshStore);

/** Stands in for a real one: says of every photograph that it shows no stars. */
const blind = {
  name: 'blind',
  inspect: async () => ({ name: 'blind', available: true }),
  solve: async () => ({
    kind: 'failed',
    code: 'no_solution',
    message: 'No stars',
    report: { solver: 'blind', seconds: 0, attempts: [] },
    files: {},
  }),
};

describe('SqliteJobStore', () => {
  it('holds the jobs of an AstroJobs', async () => {
    const { store, dispose } = await freshStore();
    const jobs = new AstroJobs({ store, solver: blind });
    try {
      const { job_id } = await jobs.submit(PHOTOGRAPH, { solver: 'blind' });
      const result = await jobs.wait(job_id, { timeout: 60 });
      assert.equal(result.error_code, 'no_solution', result.error);
      assert.equal((await jobs.status(job_id)).state, 'error');
    } finally {
      await jobs.close();
      await dispose();
    }
  });

  it('keeps its jobs when it is opened again', async () => {
    const { store, file, dispose } = await freshStore();
    try {
      const { record } = await store.create(
        { job_id: 'a'.repeat(32), state: 'queued', message: null, params: {}, created_at: 1, updated_at: 1 },
        (async function* () {
          yield Buffer.from('an image');
        })(),
      );
      await store.close();
      const again = new SqliteJobStore({ file });
      assert.deepEqual(await again.get(record.status.job_id), record);
      await again.close();
    } finally {
      await dispose();
    }
  });
});
