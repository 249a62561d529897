import { expect, it } from 'vitest';
import { Submitter } from '../../src/jobs/submit/submitter.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';

const IMAGE = Buffer.concat([Buffer.from('P5 16 16 255\n'), Buffer.alloc(256)]);

it('stores the image of one client while another sends more slow ones than are stored at once', async () => {
  const store = new MemoryJobStore();
  const submitter = new Submitter(store, { maxAttempts: 3, solverNames: ['auto'] });
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield IMAGE.subarray(0, 100);
    await opened;
    yield IMAGE.subarray(100);
  }
  const waiting = Array.from({ length: 40 }, () =>
    submitter.submit(slow(), {}, { filename: 'slow.pgm', rateKey: 'slow' }),
  );
  const status = await submitter.submit(IMAGE, {}, { filename: 'sky.pgm', rateKey: 'other' });
  expect(status.state).toBe('queued');
  expect((await store.counts()).queued).toBe(1);
  open();
  await Promise.all(waiting);
  expect((await store.counts()).queued).toBe(41);
});
