import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DecoderPool } from '../../src/decoding/child/decoder-pool.js';
import { IsolatedReader } from '../../src/decoding/isolated-reader.js';
import { LocalReader } from '../../src/decoding/local-reader.js';
import type { ReadOptions } from '../../src/decoding/reading.js';
import { detect } from '../../src/solver/search/star-list.js';
import { bmpOf, fitsOf, imageCards, temporaryFolder, testCard } from '../image/files.js';
import { heicOf } from '../image/heif-files.js';
import { decoderChildren, isRunning, processorTicks, residentBytes } from './children.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const never = new AbortController().signal;
const folder = temporaryFolder();

let pool = new DecoderPool();
const reader = () => new IsolatedReader(pool);
afterEach(() => {
  pool.release();
  pool = new DecoderPool();
});

/** Pixels enough to keep a child busy for some seconds. */
let large: string;
beforeAll(async () => {
  const noise = await sharp({
    create: {
      width: 6000,
      height: 5000,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 90, sigma: 40 },
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer();
  large = folder.put('large.png', noise);
});

/** Begins to read, and resolves with the child that does when it is at work. */
async function working(options: ReadOptions = {}, signal = never) {
  const { image } = await reader().read(large, options, signal);
  const stars = detect(image, { shrink: 1, sigmas: 5 }, signal);
  stars.catch(() => {});
  await sleep(150);
  const [child] = decoderChildren();
  if (child === undefined) throw new Error('There is no child');
  return { child, stars };
}

describe('an image that is read in a process of its own', () => {
  const card = testCard(40, 30);
  it.each([
    ['JPEG', () => readFile(EXAMPLE)],
    ['BMP', async () => bmpOf(card, 24, true)],
    ['FITS', async () => fitsOf(imageCards(40, 30, ["OBJECT  = 'M 42'"]), Buffer.alloc(1200, 7))],
    ['a list of stars', async () => Buffer.from('x,y,flux\n1,2,3\n4,5,6\n7,8,9\n')],
    ['HEIC', async () => heicOf()],
  ])('%s reads the same as in this one', async (_what, bytes) => {
    const path = folder.put(`image-${_what}`, await bytes());
    const options = { listWidth: 100, listHeight: 80 };
    const [isolated, local] = [
      await reader().read(path, options, never),
      await new LocalReader().read(path, options, never),
    ];
    expect(isolated.capture).toEqual(local.capture);
    expect(isolated.hints).toEqual(local.hints);
    expect(isolated.hintNotes).toEqual(local.hintNotes);
    const { image } = isolated;
    expect(image).toMatchObject({
      path,
      kind: local.image.kind,
      width: local.image.width,
      height: local.image.height,
      notes: local.image.notes,
    });
    expect(image.fitsHeader).toEqual(local.image.fitsHeader);
    if (image.kind === 'source-list')
      return expect(await image.stars?.()).toEqual(await local.image.stars?.());
    expect(await image.grey(2)).toEqual(await local.image.grey(2));
    expect((await image.decoded?.())?.data).toEqual((await local.image.decoded?.())?.data);
    const plan = { shrink: 1, sigmas: 5 };
    expect(await detect(image, plan, never)).toEqual(await detect(local.image, plan, never));
  });

  it('fails with the code that it would have here', async () => {
    await expect(reader().read(folder.put('text', 'a text, not an image'), {}, never)).rejects.toMatchObject({
      name: 'AstroJobsError',
      code: 'unsupported_image',
    });
    await expect(reader().read('/nowhere.jpg', {}, never)).rejects.toMatchObject({ code: 'image_not_found' });
  });

  it('is given up at once when it is not needed any more, and the next is read', async () => {
    const stop = new AbortController();
    const { child, stars } = await working({}, stop.signal);
    const reason = new Error('cancelled');
    stop.abort(reason);
    await expect(stars).rejects.toBe(reason);
    // It stops within a tenth of a second, or is ended; the search would take many of them.
    await sleep(500);
    const soon = processorTicks(child);
    await sleep(500);
    expect(processorTicks(child) - soon).toBeLessThan(10);
    expect((await reader().read(EXAMPLE, {}, never)).image.kind).toBe('jpeg');
  });

  it('ends its process, and fails, when it takes more memory than is allowed', async () => {
    const { child, stars } = await working({ maxMemoryBytes: 140 * 2 ** 20 });
    await expect(stars).rejects.toMatchObject({ code: 'image_too_large' });
    await vi.waitFor(() => expect(isRunning(child)).toBe(false), { timeout: 5000 });
  });

  it('is read once more when its process dies, and is damaged when that dies again', async () => {
    const first = await working();
    process.kill(first.child, 'SIGKILL');
    expect((await first.stars).length).toBeGreaterThan(0);

    const second = await working();
    process.kill(second.child, 'SIGSEGV');
    let again = 0;
    // One that only waits holds 100 MiB; the pixels of the picture come on top when it works.
    await vi.waitFor(
      () => {
        const [next = 0] = decoderChildren().filter((pid) => pid !== second.child);
        expect(residentBytes(next)).toBeGreaterThan(160 * 2 ** 20);
        again = next;
      },
      { timeout: 30_000, interval: 10 },
    );
    process.kill(again, 'SIGSEGV');
    await expect(second.stars).rejects.toMatchObject({
      code: 'corrupt_image',
      message: expect.stringContaining('SIGSEGV'),
    });
  });

  it('sees nothing of the secrets of its parent', async () => {
    vi.stubEnv('ASTRO_JOBS_TOKEN', 'a secret');
    await reader().read(EXAMPLE, {}, never);
    const environments = await Promise.all(
      decoderChildren().map((pid) => readFile(`/proc/${pid}/environ`, 'latin1')),
    );
    vi.unstubAllEnvs();
    expect(environments.length).toBeGreaterThan(0);
    expect(environments.join()).not.toContain('a secret');
    expect(environments.join()).toContain('PATH=');
  });

  it('leaves no process when the reader lets go', async () => {
    await reader().read(EXAMPLE, {}, never);
    const children = decoderChildren();
    pool.release();
    await vi.waitFor(() => expect(children.filter(isRunning)).toEqual([]), { timeout: 5000 });
  });
});
