// A store of one's own: jobs stay in their folders, and every result is written to a journal as well.
// `node examples/custom-store.mjs` runs a job on it; `node --test examples/custom-store.mjs` holds it to the promises of a store.
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AstroJobs, FileSystemJobStore } from 'astro-jobs';
import { describeStore } from 'astro-jobs/testing';

export class JournalingStore extends FileSystemJobStore {
  #journal;

  constructor({ dir, journal }) {
    super({ dir });
    this.#journal = journal;
  }

  // `replace` is the only way in which a job changes. True: this call, and no other one, has settled the job.
  async replace(id, revision, next, outcome) {
    const replaced = await super.replace(id, revision, next, outcome);
    if (replaced && outcome)
      await appendFile(this.#journal, `${JSON.stringify({ id, ...outcome.result })}\n`);
    return replaced;
  }
}

async function freshStore() {
  const dir = await mkdtemp(join(tmpdir(), 'journaling-store-'));
  const journal = join(dir, 'journal.ndjson');
  const store = new JournalingStore({ dir: join(dir, 'jobs'), journal });
  const dispose = async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { store, journal, dispose };
}

if (process.env.NODE_TEST_CONTEXT) {
  describeStore({ describe, it }, 'JournalingStore', freshStore);
} else {
  const { store, journal, dispose } = await freshStore();
  const jobs = new AstroJobs({ store });
  const { job_id } = await jobs.submit(new URL('orion.jpg', import.meta.url).pathname);
  const result = await jobs.wait(job_id);
  const written = JSON.parse(await readFile(journal, 'utf8'));
  console.log(`${result.filename}: ok ${result.ok}; in the journal: ${written.id === job_id}`);
  await jobs.close();
  await dispose();
}
