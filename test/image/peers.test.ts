import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync } from 'node:zlib';
import encodeJxl, { init as initJxl } from '@jsquash/jxl/encode.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openPixels } from '../../src/export/pixels.js';
import { openImage } from '../../src/image/open.js';
import { loadPeer } from '../../src/image/peers/load-peer.js';
import { uprightPicture } from '../../src/image/picture.js';
import { exifOf } from '../capture/containers.js';
import { temporaryFolder } from './files.js';
import { heicOf, heicPixel } from './heif-files.js';
import { box, PHOTO } from './raw-files.js';

const folder = temporaryFolder();
let files = 0;
const put = (bytes: Uint8Array) => folder.put(`${files++}.jpg`, bytes);
const reading = (bytes: Uint8Array, limits = {}) =>
  openImage(put(bytes), limits)
    .then((image) => image.grey(1))
    .then(
      () => 'read',
      (thrown: { code: string }) => thrown.code,
    );
const exif = exifOf({
  image: [
    { tag: 0x0110, type: 2, values: 'Phone 15' },
    { tag: 274, type: 3, values: [6] },
  ],
  photo: PHOTO,
});
/** Of a picture as it is shown: the colours of a pixel. */
async function shownPixel(
  image: Awaited<ReturnType<typeof openImage>>,
  x: number,
  y: number,
): Promise<number[]> {
  const { width, height } = image;
  const bytes = await (await uprightPicture(image, { width, height })).raw().toBuffer();
  return [...bytes.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}
function expectColour(pixel: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(
    pixel.every((value, i) => Math.abs(value - expected[i]!) <= tolerance),
    `${pixel} for ${expected}`,
  ).toBe(true);
}

it('a decoder that is not installed is named, with how to install it', async () => {
  const missing = 'astro-jobs-has-no-such-decoder';
  await expect(loadPeer('HEIC', missing, () => import(missing))).rejects.toMatchObject({
    code: 'unsupported_image',
    message: expect.stringContaining(`npm install ${missing}`),
  });
  await expect(loadPeer('HEIC', 'broken', () => Promise.reject(new Error('out of memory')))).rejects.toThrow(
    'out of memory',
  );
});

describe('HEIC, with libheif-js', () => {
  it('a file that ends early is refused in one sentence, without the attempts of the decoder to read on', async () => {
    const start = Buffer.alloc(64);
    start.write('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x10\0meta', 'latin1');
    const { code, message } = await openImage(put(start)).then(
      () => ({ code: 'read', message: '' }),
      (thrown: { code: string; message: string }) => thrown,
    );
    expect(code).toBe('corrupt_image');
    expect(message).not.toMatch(/bad seek|… …/);
  });

  it('size, pixels and EXIF', async () => {
    const image = await openImage(put(heicOf(exif)));
    expect(image).toMatchObject({ kind: 'heic', width: 64, height: 48, exifOrientation: 1 });
    const grey = await image.grey(1);
    expect([grey.width, grey.height]).toEqual([64, 48]);
    expectColour(await shownPixel(image, 20, 20), heicPixel(20, 20), 30);
    expect(await readCapture(image)).toMatchObject({ camera_model: 'Phone 15', exposure: 30, iso: 1600 });
  });

  it('shrinks to whole blocks, and is exported in colour', async () => {
    const image = await openImage(put(heicOf()));
    const shrunk = await image.grey(5);
    expect([shrunk.width, shrunk.height, shrunk.scale]).toEqual([12, 9, [5, 5]]);
    expect((await openPixels(image)).axes).toEqual([64, 48, 3]);
  });

  it('one that is turned by its own property is not turned again by EXIF', async () => {
    const image = await openImage(put(heicOf(exif, 1)));
    expect(image).toMatchObject({ width: 48, height: 64, exifOrientation: 1 });
    // A quarter against the clock: what was in the upper right corner is in the upper left.
    expectColour(await shownPixel(image, 2, 2), heicPixel(61, 2), 30);
  });

  it('cut off or damaged: an answer, and nothing on the console', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const whole = heicOf(exif);
    for (let end = 16; end < whole.length; end += 127)
      expect(['corrupt_image', 'unsupported_image', 'image_too_large', 'read'], String(end)).toContain(
        await reading(whole.subarray(0, end)),
      );
    for (let i = 0; i < 40; i++) {
      const bytes = Buffer.from(whole);
      bytes[24 + ((i * 41) % (whole.length - 24))]! ^= 1 << (i % 8);
      expect(['corrupt_image', 'unsupported_image', 'image_too_large', 'read'], String(i)).toContain(
        await reading(bytes),
      );
    }
    expect(await reading(whole)).toBe('read');
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('limits hold before anything is decoded', async () => {
    expect(await reading(heicOf(), { maxPixels: 1000 })).toBe('image_too_large');
    const huge = heicOf();
    const at = huge.indexOf('ispe') + 8;
    huge.writeUInt32BE(60_000, at);
    huge.writeUInt32BE(60_000, at + 4);
    expect(['image_too_large', 'corrupt_image']).toContain(await reading(huge));
  });
});

describe('JPEG XL, with @jsquash/jxl', () => {
  const picture = (width: number, height: number) => ({
    width,
    height,
    data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => {
      const [x, y, channel] = [(i >> 2) % width, Math.floor((i >> 2) / width), i & 3];
      return channel === 3 ? 255 : ((channel + 1) * x * 3 + y * 5) % 256;
    }),
  });
  const encode = async (width: number, height: number) =>
    Buffer.from(await encodeJxl(picture(width, height) as never, { lossless: true, effort: 1 }));
  const contained = (codestream: Buffer, ...boxes: readonly Buffer[]) =>
    Buffer.concat([
      Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1'),
      box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1')),
      ...boxes,
      box('jxlc', codestream),
    ]);
  const block = Buffer.concat([Buffer.alloc(4), exif]);
  let codestream: Buffer;

  beforeAll(async () => {
    const wasm = createRequire(import.meta.url).resolve('@jsquash/jxl/codec/enc/jxl_enc.wasm');
    await initJxl({ wasmBinary: readFileSync(wasm) } as never);
    codestream = await encode(50, 30);
  });

  it.each([
    [50, 30],
    [64, 48],
    [40, 40],
    [96, 54],
    [1, 300],
    [700, 3],
  ])('the size is read from the header: %d×%d', async (width, height) => {
    const image = await openImage(put(await encode(width, height)));
    expect(image).toMatchObject({ kind: 'jxl', width, height });
    const grey = await image.grey(1);
    expect([grey.width, grey.height]).toEqual([width, height]);
  });

  it('pixels, shrunk and in colour', async () => {
    const image = await openImage(put(codestream));
    const { data } = picture(50, 30);
    expect(await shownPixel(image, 7, 9)).toEqual([...data.subarray((9 * 50 + 7) * 4, (9 * 50 + 7) * 4 + 3)]);
    expect((await image.grey(3)).scale).toEqual([3, 3]);
    expect((await openPixels(image)).axes).toEqual([50, 30, 3]);
  });

  it('EXIF in boxes, plain and compressed', async () => {
    const packed = box('brob', Buffer.from('Exif'), brotliCompressSync(block));
    for (const boxes of [box('Exif', block), packed]) {
      const image = await openImage(put(contained(codestream, boxes)));
      expect(image).toMatchObject({ width: 50, height: 30, exifOrientation: 1 });
      expect(await readCapture(image)).toMatchObject({ camera_model: 'Phone 15', exposure: 30 });
    }
  });

  it('cut off or damaged: an answer', async () => {
    const whole = contained(codestream, box('Exif', block));
    for (let end = 13; end < whole.length; end += 97)
      expect(['corrupt_image', 'read'], String(end)).toContain(await reading(whole.subarray(0, end)));
    for (let i = 0; i < 60; i++) {
      const bytes = Buffer.from(codestream);
      bytes[2 + ((i * 37) % (bytes.length - 2))]! ^= 1 << (i % 8);
      expect(['corrupt_image', 'image_too_large', 'read'], String(i)).toContain(await reading(bytes));
    }
    expect(await reading(whole)).toBe('read');
  });

  it('limits hold before anything is decoded; metadata that expand without end are left out', async () => {
    expect(await reading(codestream, { maxPixels: 100 })).toBe('image_too_large');
    // A height and a width of 2^30: eleven bits each behind their selectors.
    const huge = Buffer.from('ff0a06000000c0ffffffffff', 'hex');
    expect(['image_too_large', 'corrupt_image']).toContain(await reading(huge));
    const bomb = box('brob', Buffer.from('Exif'), brotliCompressSync(Buffer.alloc(1 << 22)));
    expect(await reading(contained(codestream, bomb))).toBe('read');
  });
});
