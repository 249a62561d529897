// Creates, changes and removes jobs, lists them and keeps the index, over and over, until it is killed.
import { randomUUID } from 'node:crypto';
import { FileSystemJobStore } from '../../dist/store/file-system/file-system-job-store.js';

const [dir] = process.argv.slice(2);
async function* image() {
  yield Buffer.from('P5 1 1 255\nx');
}
let first = true;
for (;;) {
  const store = new FileSystemJobStore({ dir });
  await store.list({ states: ['error'] });
  for (let n = 0; n < 70; n++) {
    const created_at = Date.now() / 1000;
    const times = { created_at, updated_at: created_at };
    const job = {
      job_id: randomUUID().replaceAll('-', ''),
      state: 'queued',
      message: null,
      params: {},
      ...times,
    };
    const { record } = await store.create({ ...job, rate_key: `client-${n % 3}` }, image());
    const outcome = { result: { ok: false, error: 'none', error_code: 'no_solution' }, files: {} };
    if (n % 3 > 0)
      await store.replace(job.job_id, record.revision, { ...record.status, state: 'error' }, outcome);
    if (n % 4 === 0) await store.remove(job.job_id);
    if (first) process.send('at work');
    first = false;
  }
  await store.close();
}
