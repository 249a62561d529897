import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { AstroJobs, MemoryJobStore } from '../../src/index.js';
import type { StoredFile } from '../../src/store/job-store.js';
import { scriptedSolver, smallPicture } from '../http/support.js';

/** A store without local files that counts the bytes of images which are read from it. */
class CountingStore extends MemoryJobStore {
  bytes = 0;

  override async image(id: string): Promise<StoredFile | undefined> {
    const file = await super.image(id);
    if (!file) return undefined;
    const count = (bytes: number) => {
      this.bytes += bytes;
    };
    return { ...file, read: (range) => Readable.from(counted(file.read(range), count)) };
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, count: (bytes: number) => void) {
  for await (const chunk of chunks) {
    count(chunk.byteLength);
    yield chunk;
  }
}

async function jobIn(behaviour: 'solve' | 'fail') {
  const store = new CountingStore();
  const solver = scriptedSolver();
  solver.behaviour = behaviour;
  const jobs = new AstroJobs({ store, solver });
  onTestFinished(() => jobs.close());
  const picture = await smallPicture();
  const { job_id } = await jobs.submit(picture);
  await jobs.wait(job_id, { timeout: 30 });
  store.bytes = 0;
  return { store, jobs, job_id, imageBytes: picture.byteLength };
}

test('annotating reads the bytes of the image once', async () => {
  const { store, jobs, job_id, imageBytes } = await jobIn('solve');
  expect((await jobs.annotate(job_id)).byteLength).toBeGreaterThan(1000);
  expect(store.bytes).toBe(imageBytes);
});

test('a job without a solution is refused before its image is read', async () => {
  const { store, jobs, job_id } = await jobIn('fail');
  await expect(jobs.annotate(job_id)).rejects.toMatchObject({ code: 'not_found' });
  expect(store.bytes).toBe(0);
});
