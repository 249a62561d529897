import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openImage } from '../../src/image/open.js';
import { temporaryFolder } from './files.js';
import { blockMeans, expectClose } from './means.js';
import { serOf } from './ser-files.js';

const folder = temporaryFolder();
let files = 0;
const put = (bytes: Buffer) => folder.put(`${files++}.tif`, bytes);

const [width, height] = [11, 7];
const frame = (seed: number, limit = 4000) =>
  Array.from({ length: width * height }, (_, i) => 500 + ((i * 37 + seed * 11) % (limit - 500)));
const bytes = (seed: number) => frame(seed).map((value) => value % 256);

describe('SER videos', () => {
  it('the first frame, and which one it is', async () => {
    const image = await openImage(put(serOf({ frames: [frame(1), frame(2), frame(3)] })));
    expect(image).toMatchObject({ kind: 'ser', width, height, rowOrder: 'top-down', part: 'frame 1 of 3' });
    const grey = await image.grey(1);
    expect(grey.data).toBeInstanceOf(Uint16Array);
    expect([...grey.data]).toEqual(frame(1));
  });

  it('or another one', async () => {
    const file = put(serOf({ frames: [frame(1), frame(2), frame(3)] }));
    expect([...(await (await openImage(file, { extension: '3' })).grey(1)).data]).toEqual(frame(3));
    await expect(openImage(file, { extension: 4 })).rejects.toMatchObject({ code: 'unsupported_image' });
  });

  it.each([
    [0, false],
    [1, false],
    [0, true],
    [1, true],
  ])('order of bytes: the pixels decide, not the flag (%d, big-endian %s)', async (flag, bigEndian) => {
    const image = await openImage(put(serOf({ frames: [frame(5)], flag, bigEndian })));
    expect([...(await image.grey(1)).data]).toEqual(frame(5));
  });

  it('8 bits, and shrunk', async () => {
    const image = await openImage(put(serOf({ depth: 8, frames: [bytes(3)] })));
    const whole = await image.grey(1);
    expect(whole.data).toBeInstanceOf(Uint8Array);
    expect([...whole.data]).toEqual(bytes(3));
    expectClose((await image.grey(3)).data, blockMeans(bytes(3), width, height, 3), 0.5);
  });

  it('colours side by side become their mean', async () => {
    const rgb = frame(4).flatMap((value) => [value, value + 30, value + 60]);
    const image = await openImage(put(serOf({ colour: 100, frames: [rgb] })));
    expectClose(
      (await image.grey(1)).data,
      frame(4).map((value) => value + 30),
      0.5,
    );
  });

  it('what the header says of the capture', async () => {
    const file = put(serOf({ colour: 8, frames: [frame(1), frame(2)], utc: '2024-02-03T20:10:05.250Z' }));
    const capture = await readCapture(await openImage(file));
    expect(capture).toMatchObject({
      observer: 'Ada',
      camera_model: 'ASI290MM',
      telescope: 'Newton 200/1000',
      datetime_utc: '2024-02-03T20:10:05.250Z',
      bayer_pattern: 'RGGB',
    });
    expect(capture.sources).toMatchObject({ telescope: 'SER Telescope', image: 'frame 1 of 2' });
  });

  it('a clock that was never set gives no date', async () => {
    const none = await readCapture(await openImage(put(serOf({ frames: [frame(1)] }))));
    expect(none).not.toHaveProperty('datetime');
    const file = serOf({ frames: [frame(1)] });
    file.writeBigInt64LE(2n ** 63n - 1n, 170);
    expect(await readCapture(await openImage(put(file)))).not.toHaveProperty('datetime_utc');
  });
});

describe('damaged and hostile SER videos', () => {
  const reading = (file: Buffer) =>
    openImage(put(file))
      .then((image) => image.grey(1))
      .then(
        () => 'read',
        (thrown: { code: string }) => thrown.code,
      );

  it('a video that was cut is read as long as the frame is whole', async () => {
    const whole = serOf({ frames: [frame(1), frame(2)] });
    expect(await reading(whole.subarray(0, -1))).toBe('read');
    expect(await reading(whole.subarray(0, 178 + 2 * width * height))).toBe('read');
    expect(await reading(whole.subarray(0, 178 + 2 * width * height - 1))).toBe('corrupt_image');
    expect(await reading(whole.subarray(0, 100))).toBe('corrupt_image');
  });

  it('sizes that the file does not have', async () => {
    for (const claims of [
      { width: 1 << 20, height: 1 << 20 },
      { width: -3 },
      { height: 0 },
      { depth: 64 },
      { width: 2 ** 31 - 1, height: 2 ** 31 - 1 },
    ])
      expect(await reading(serOf({ frames: [frame(1)], ...claims })), JSON.stringify(claims)).toBe(
        'corrupt_image',
      );
    expect(await reading(serOf({ frames: [frame(1)], claimed: 0 }))).toBe('unsupported_image');
    expect(await reading(serOf({ frames: [frame(1)], claimed: 2 ** 31 - 1 }))).toBe('read');
  });
});
