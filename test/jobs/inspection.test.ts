import { expect, it } from 'vitest';
import { AstroJobs, InProcessQueue, MemoryJobStore } from '../../src/index.js';

/** As a folder on a file server that is gone: it does not keep to the time it is given. */
class SilentStore extends MemoryJobStore {
  override check(): Promise<void> {
    return new Promise(() => {});
  }
}

it('says within seconds that a store does not answer, also one that keeps to no time', async () => {
  await using jobs = new AstroJobs({
    store: new SilentStore(),
    queue: new InProcessQueue({ concurrency: 0 }),
  });
  const started = performance.now();
  const { store, queue } = await jobs.inspect();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(store).toMatchObject({ usable: false, problem: expect.stringMatching(/No answer within \d/) });
  expect(queue.usable).toBe(true);
});
