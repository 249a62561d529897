import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openImage } from '../../src/image/open.js';
import { bmpHeader, fitsOf, greyTiffTags, imageCards, temporaryFolder, testCard, tiffOf } from './files.js';

const folder = temporaryFolder();
const card = testCard(24, 16);
const picture = () => sharp(card.rgb, { raw: { width: card.width, height: card.height, channels: 3 } });
const refused = (code: string, message: RegExp) => ({
  name: 'AstroJobsError',
  code,
  message: expect.stringMatching(message),
});

describe('openImage, what is no image file', () => {
  it.each([
    ['nothing', 'gone.jpg', /no such file/],
    ['an empty name', '', /no file name/],
    ['a name with NUL', 'a\0b.jpg', /no file name/],
    ['a name that is too long', 'x'.repeat(300), /too long/],
  ])('%s', async (_, name, message) => {
    const path = name === '' ? '' : join(folder.path, name);
    await expect(openImage(path)).rejects.toMatchObject(refused('image_not_found', message));
  });

  it('a folder, a device, a link to itself', async () => {
    const loop = join(folder.path, 'loop');
    symlinkSync(loop, loop);
    await expect(openImage(folder.path)).rejects.toMatchObject(refused('unsupported_image', /folder/));
    await expect(openImage('/dev/zero')).rejects.toMatchObject(
      refused('unsupported_image', /no regular file/),
    );
    await expect(openImage(loop)).rejects.toMatchObject(refused('image_not_found', /circle/));
  });

  it('a FIFO that no process writes to, without waiting for it', async () => {
    const fifo = join(folder.path, 'fifo');
    execFileSync('mkfifo', [fifo]);
    await expect(openImage(fifo)).rejects.toMatchObject(refused('unsupported_image', /no regular file/));
  });

  it('an empty file, and text', async () => {
    await expect(openImage(folder.put('empty.jpg', ''))).rejects.toMatchObject(
      refused('corrupt_image', /empty/),
    );
    await expect(openImage(folder.put('a.jpg', '<html></html>'))).rejects.toMatchObject(
      refused('unsupported_image', /HTML/),
    );
    await expect(openImage(folder.put('b.jpg', 'Dear Sir'))).rejects.toMatchObject(
      refused('unsupported_image', /give JPEG/),
    );
  });

  it('tells nothing of the host in what ends up in a result', async () => {
    const path = folder.put('cut.jpg', (await picture().jpeg().toBuffer()).subarray(0, 30));
    await expect(openImage(path)).rejects.toSatisfy((error: Error) => !error.message.includes(folder.path));
  });
});

describe('openImage, what it measures', () => {
  it.each([
    ['jpeg', () => picture().jpeg()],
    ['png', () => picture().png()],
    ['webp', () => picture().webp()],
    ['avif', () => picture().avif()],
    ['gif', () => picture().gif()],
    ['tiff', () => picture().tiff()],
  ] as const)('%s, whatever its name says', async (kind, make) => {
    const image = await openImage(folder.put(`${kind}.txt`, await make().toBuffer()));
    expect(image).toMatchObject({
      kind,
      width: 24,
      height: 16,
      rowOrder: 'top-down',
      exifOrientation: 1,
      notes: [],
    });
  });

  it('FITS, whose first row is the lowest unless it says otherwise', async () => {
    const data = Buffer.alloc(24 * 16 * 2);
    const plain = await openImage(folder.put('a.jpg', fitsOf(imageCards(24, 16), data)));
    expect(plain).toMatchObject({ kind: 'fits', width: 24, height: 16, rowOrder: 'bottom-up' });
    const turned = await openImage(
      folder.put('b.fits', fitsOf(imageCards(24, 16, ["ROWORDER= 'TOP-DOWN'"]), data)),
    );
    expect(turned.rowOrder).toBe('top-down');
  });

  it('a FITS table of X and Y as a source list, without pixels', async () => {
    const table = [
      "XTENSION= 'BINTABLE'",
      'BITPIX  =                    8',
      'NAXIS   =                    2',
      'NAXIS1  =                    8',
      'NAXIS2  =                    3',
      'PCOUNT  =                    0',
      'GCOUNT  =                    1',
      'TFIELDS =                    2',
      "TTYPE1  = 'X       '",
      "TFORM1  = 'E       '",
      "TTYPE2  = 'Y       '",
      "TFORM2  = 'E       '",
    ];
    const primary = [
      'SIMPLE  =                    T',
      'BITPIX  =                    8',
      'NAXIS   =                    0',
      'EXTEND  =                    T',
      'IMAGEW  =                  800',
      'IMAGEH  =                  526',
    ];
    const file = Buffer.concat([fitsOf(primary), fitsOf(table, Buffer.alloc(24))]);
    const list = await openImage(folder.put('stars.xyls', file));
    expect(list).toMatchObject({ kind: 'source-list', width: 800, height: 526 });
    await expect(list.grey(1)).rejects.toMatchObject(refused('unsupported_image', /without pixels/));

    const other = Buffer.from(file.toString('latin1').replace("'X       '", "'FLUX    '"), 'latin1');
    await expect(openImage(folder.put('table.fits', other))).rejects.toMatchObject(
      refused('unsupported_image', /no picture/),
    );
  });

  it('names with brackets and options in them are only names', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    for (const name of ['a[1].jpg', 'b.jpg[shrink=8]', 'c[page=3]', "d'$(x)`y`.jpg", '-e.jpg', 'f\n.jpg']) {
      const image = await openImage(folder.put(name, jpeg));
      const grey = await image.grey(2);
      expect([image.width, image.height, grey.width, grey.height]).toEqual([24, 16, 12, 8]);
    }
  });
});

describe('openImage, limits', () => {
  it('refuses 50000×50000 pixels from the header alone', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'black' } })
      .png()
      .toBuffer();
    png.writeUInt32BE(50_000, 16);
    png.writeUInt32BE(50_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(openImage(folder.put('bomb.png', png))).rejects.toMatchObject(
      refused('image_too_large', /50000×50000.*maxPixels/),
    );
  });

  it.each([
    ['FITS', fitsOf(imageCards(50_000, 50_000))],
    ['TIFF', tiffOf(greyTiffTags(50_000, 50_000, 8, 1))],
  ])('the same in %s', async (_, bytes) => {
    await expect(openImage(folder.put('bomb', bytes))).rejects.toMatchObject({ code: 'image_too_large' });
  });

  it('a bitmap or PNM whose pixels are not there', async () => {
    const bmp = Buffer.alloc(60);
    bmpHeader(bmp, 10_000, 10_000, 24, 54);
    await expect(openImage(folder.put('a.bmp', bmp))).rejects.toMatchObject(
      refused('corrupt_image', /ends after/),
    );
    await expect(openImage(folder.put('a.ppm', 'P6 9999 9999 255\n'))).rejects.toMatchObject(
      refused('corrupt_image', /ends after/),
    );
  });

  it('the caller sets both', async () => {
    const path = folder.put('small.png', await picture().png().toBuffer());
    await expect(openImage(path, { maxPixels: 24 * 16 - 1 })).rejects.toMatchObject({
      code: 'image_too_large',
    });
    await expect(openImage(path, { maxBytes: 20 })).rejects.toMatchObject(
      refused('image_too_large', /maxBytes/),
    );
    await expect(openImage(path, { maxPixels: 24 * 16 })).resolves.toMatchObject({ width: 24 });
  });
});

describe('camera raw is no TIFF photograph', () => {
  const thumbnail = greyTiffTags(8, 8, 8, 1);
  const sensor = (compression: number, photometric: number) =>
    greyTiffTags(64, 64, 8, 1).map((tag) =>
      tag.tag === 259
        ? { ...tag, values: [compression] }
        : tag.tag === 262
          ? { ...tag, values: [photometric] }
          : tag,
    );
  const reduced = { tag: 254, type: 4, values: [1] };
  const make = { tag: 271, type: 2, values: 'NIKON CORPORATION' };
  const data = Buffer.alloc(64);

  it.each([
    ['DNG', tiffOf([...thumbnail, { tag: 50706, type: 1, values: [1, 4, 0, 0] }], { data })],
    [
      'NEF',
      tiffOf([reduced, ...thumbnail, make], { data, children: new Map([[330, sensor(34713, 32803)]]) }),
    ],
    ['ARW', tiffOf([...thumbnail, make], { data, children: new Map([[330, sensor(32767, 32803)]]) })],
    [
      'big-endian',
      tiffOf([...thumbnail, make], { data, bigEndian: true, children: new Map([[330, sensor(1, 32803)]]) }),
    ],
  ])('%s', async (_, bytes) => {
    await expect(openImage(folder.put('raw.tif', bytes))).rejects.toMatchObject(
      refused('unsupported_image', /camera raw.*develop/),
    );
  });

  it('a TIFF with a smaller copy of itself is a photograph', async () => {
    const copy = [reduced, ...greyTiffTags(4, 4, 8, 1)];
    const image = await openImage(
      folder.put('copy.tif', tiffOf([...thumbnail, make], { data, children: new Map([[330, copy]]) })),
    );
    expect(image).toMatchObject({ kind: 'tiff', width: 8, height: 8 });
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
