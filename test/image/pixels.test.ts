import { rmSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openImage } from '../../src/image/open.js';
import { bmpOf, fitsOf, greyTiffTags, imageCards, temporaryFolder, testCard, tiffOf } from './files.js';
import { blockMeans, expectClose, inner } from './means.js';

const folder = temporaryFolder();
const decode = async (name: string, bytes: Uint8Array | string, shrink = 1) =>
  (await openImage(folder.put(name, bytes))).grey(shrink);

describe('what sharp decodes', () => {
  const [width, height] = [40, 30];
  const ramp = Array.from({ length: width * height }, (_, i) => i);
  const grey16 = Uint16Array.from(ramp, (i) => i * 50 + 3);

  it('16-bit PNG stays as it is', async () => {
    const raw = { width, height, channels: 1 as const, depth: 'ushort' as const };
    const png = await sharp(grey16, { raw }).toColourspace('grey16').png().toBuffer();
    const image = await decode('a.png', png);
    expect(image.data).toEqual(grey16);
    const half = await decode('a.png', png, 2);
    expectClose(inner(half.data, 20), inner(blockMeans(grey16, width, height, 2), 20), 2);
  });

  it('16-bit and float TIFF stay as they are, in either byte order', async () => {
    const data = Buffer.from(grey16.buffer);
    const little = await decode('a.tif', tiffOf(greyTiffTags(width, height, 16, 1), { data }));
    expect(little.data).toEqual(grey16);
    const bigEndian = true;
    const swapped = Buffer.from(data).swap16();
    const big = await decode(
      'b.tif',
      tiffOf(greyTiffTags(width, height, 16, 1), { data: swapped, bigEndian }),
    );
    expect(big.data).toEqual(grey16);
    const floats = Float32Array.from(ramp, (i) => i / 4096);
    const tiff = tiffOf(greyTiffTags(width, height, 32, 3), { data: Buffer.from(floats.buffer) });
    expect((await decode('c.tif', tiff)).data).toEqual(floats);
    const third = await decode('c.tif', tiff, 3);
    expectClose(inner(third.data, 13), inner(blockMeans(floats, width, height, 3), 13), 1e-5);
  });

  it('palette, CMYK, alpha, animation: one plane of the right size', async () => {
    const card = testCard(width, height);
    const picture = sharp(card.rgb, { raw: { width, height, channels: 3 } });
    const plain = await decode('a.png', await picture.clone().png().toBuffer());
    // Alpha says what to show of a pixel, not how bright it is.
    const alpha = await decode('b.png', await picture.clone().ensureAlpha(0.1).png().toBuffer());
    expect(alpha.data).toEqual(plain.data);
    const flat = sharp({ create: { width, height, channels: 3, background: '#777777' } });
    for (const [name, bytes] of [
      ['c.png', await flat.clone().png({ palette: true }).toBuffer()],
      ['d.gif', await flat.clone().gif().toBuffer()],
      ['e.jpg', await flat.clone().jpeg({ progressive: true }).toBuffer()],
      ['f.webp', await flat.clone().webp().toBuffer()],
      ['g.avif', await flat.clone().avif().toBuffer()],
    ] as const) {
      const image = await decode(name, bytes);
      expect([image.width, image.height], name).toEqual([width, height]);
      expectClose(
        image.data,
        ramp.map(() => 0x77),
        2,
      );
    }
    // The colours of ink are another matter than those of light: only roughly the same.
    const ink = await decode('h.jpg', await flat.clone().toColourspace('cmyk').jpeg().toBuffer());
    expectClose(
      ink.data,
      ramp.map(() => 0x77),
      12,
    );
  });

  it('EXIF orientation turns nothing', async () => {
    const card = testCard(width, height);
    const picture = sharp(card.rgb, { raw: { width, height, channels: 3 } });
    const straight = await decode('a.jpg', await picture.clone().jpeg().toBuffer());
    const path = folder.put(
      'b.jpg',
      await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    const turned = await openImage(path);
    expect([turned.width, turned.height, turned.exifOrientation]).toEqual([width, height, 6]);
    expect((await turned.grey(1)).data).toEqual(straight.data);
  });
});

describe('FITS', () => {
  it('16-bit with BZERO, shrunk and not', async () => {
    const [width, height] = [6, 4];
    const stored = Buffer.alloc(width * height * 2);
    const truth = Array.from({ length: width * height }, (_, i) => i * 2500);
    truth.forEach((value, i) => {
      stored.writeInt16BE(value - 32768, 2 * i);
    });
    const file = fitsOf(
      imageCards(width, height, ['BZERO   =                32768', 'BSCALE  =                    1']),
      stored,
    );
    expect([...(await decode('a.fits', file)).data]).toEqual(truth);
    expectClose((await decode('a.fits', file, 2)).data, blockMeans(truth, width, height, 2), 0.5);
  });
});

describe('damage', () => {
  const noise = testCard(160, 120);
  const jpeg = () =>
    sharp(noise.rgb, { raw: { width: 160, height: 120, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();

  it('a JPEG that ends early is corrupt at every shrink', async () => {
    const whole = await jpeg();
    const image = await openImage(folder.put('cut.jpg', whole.subarray(0, whole.length / 2)));
    for (const shrink of [1, 2, 4, 8]) {
      await expect(image.grey(shrink)).rejects.toMatchObject({ code: 'corrupt_image' });
    }
  });

  it('a JPEG with stray bytes before its end, as every viewer shows it, is not', async () => {
    const whole = await jpeg();
    const stray = Buffer.concat([whole.subarray(0, -2), Buffer.alloc(18, 0x55), whole.subarray(-2)]);
    expect((await decode('stray.jpg', stray)).data).toEqual((await decode('whole.jpg', whole)).data);
  });

  it('a TIFF whose strips are cut off is corrupt, and one in a strange coding is named', async () => {
    const tags = greyTiffTags(160, 120, 8, 1);
    const changed = (tag: number, value: number) =>
      tiffOf(
        tags.map((entry) => (entry.tag === tag ? { ...entry, values: [value] } : entry)),
        { data: Buffer.alloc(160 * 120, 7) },
      );
    await expect(decode('cut.tif', changed(273, 12_000))).rejects.toMatchObject({ code: 'corrupt_image' });
    await expect(decode('odd.tif', changed(259, 34712))).rejects.toMatchObject({ code: 'unsupported_image' });
  });

  it('a signal that has been given ends the decoding', async () => {
    const image = await openImage(folder.put('a.jpg', await jpeg()));
    const reason = new Error('enough');
    await expect(image.grey(1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('a file that vanishes after it was opened', async () => {
    for (const [name, bytes] of [
      ['v.jpg', await jpeg()],
      ['v.bmp', bmpOf(noise, 24, false)],
    ] as const) {
      const image = await openImage(folder.put(name, bytes));
      rmSync(image.path);
      await expect(image.grey(1)).rejects.toMatchObject({ name: 'AstroJobsError' });
    }
  });
});
