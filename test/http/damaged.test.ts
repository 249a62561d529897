import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../src/index.js';
import { testServer } from './support.js';

const FORMATS = ['png', 'jpeg', 'webp', 'tiff', 'gif'] as const;

function picture(format: (typeof FORMATS)[number]): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 100, sigma: 30 } as const;
  return sharp({ create: { width: 90, height: 60, channels: 3, background: '#223', noise } })
    .toFormat(format)
    .toBuffer();
}

function* damaged(whole: Buffer): Generator<[string, Buffer]> {
  for (const at of [36, 200, whole.length >> 1]) {
    yield [`cut at ${at}`, whole.subarray(0, at)];
    const changed = Buffer.from(whole);
    changed.fill(0xa5, at, at + 8);
    yield [`changed at ${at}`, changed];
  }
  const data = whole.indexOf('IDAT');
  if (data < 0) return;
  yield ['without pixels', Buffer.concat([whole.subarray(0, data - 4), whole.subarray(-12)])];
  const large = Buffer.from(whole);
  large.writeUInt32BE(0x7fffffff, data - 4);
  yield ['with an endless chunk', large];
}

describe('a damaged picture', () => {
  it.each(FORMATS)(
    'in %s is shown as far as it goes, or called damaged: never a fault of the server',
    async (format) => {
      const faults: unknown[] = [];
      const logger: Logger = {
        debug() {},
        info() {},
        warn() {},
        error: (fields) => void faults.push(fields),
      };
      const server = await testServer({ logger });
      let refused = 0;
      for (const [what, bytes] of damaged(await picture(format))) {
        const body = new Uint8Array(bytes);
        const submitted = await fetch(`${server.api}/jobs?filename=a.${format}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'a/b' },
        });
        const { job_id } = (await submitted.json()) as { job_id?: string };
        if (job_id === undefined || submitted.status !== 202) {
          expect([415, 422], what).toContain(submitted.status);
          continue;
        }
        await server.jobs.wait(job_id, { timeout: 30 });
        for (const view of ['preview.jpg', 'annotated.jpg', 'geometry', 'new.fits']) {
          const response = await fetch(`${server.api}/jobs/${job_id}/${view}`);
          expect([200, 404, 409, 413, 415, 422], `${view}, ${what}: ${await response.text()}`).toContain(
            response.status,
          );
          if (response.status === 422) refused += 1;
        }
      }
      expect(faults).toEqual([]);
      expect(refused).toBeGreaterThan(0);
    },
  );
});
