import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { expandBzip2 } from '../../src/compression/bzip2/bunzip2.js';
import { DamagedStream } from '../../src/compression/errors.js';
import { expandGzip } from '../../src/compression/gunzip.js';
import { expandZstd } from '../../src/compression/zstd/zstd.js';
import { openImage } from '../../src/image/open.js';
import { zstdFrame } from '../image/compressed.js';
import { fitsOf, imageCards, temporaryFolder } from '../image/files.js';

// Files that bzip2 1.0.8 and zstd 1.5 have made, in base64.
// A FITS file of 40×30 pixels: bzip2 -9, zstd -19, zstd -3.
const FITS_BZIP2 =
  'QlpoOTFBWSZTWTbf38oABMF/Av///////////////8AAAAIACEAB3AGEcNDRk0aNGmhkZDCAMgBkGmgAAZAyAJIlE09TMoDQ' +
  'DagANDIAAAAaAAAGhw0NGTRo0aaGRkMIAyAGQaaAABkDIAUqlRkDQBkaA0AYmgGQaAAAAA0wEf7P0yyMSGpLVlrFrlsFsltp' +
  'Y0t3LeFvS3xb8uBLgy4UscsguGXELJlxZcaXHLJLkFyS5UsqXLlzC5pc4ueXQl0ZdKWWWZLNLplnS6kurLrF1y7Bdku1LPlo' +
  'S7Zdwu6XeLRl35aJeAvCXiLxl5JeWXmLzl6C9JeovXL2S9pe4veXwL4l8pfOX0L6l9i+5fgvzL9S/ZfwtIv6WmWpLVlrFrls' +
  'FslpUJo4JYWEsGBYYJUwFm5S2d1nZedtGhigliStGAI50+Es90FBhXTTGSUgCQzJIRG4nAVTNziCE0daCFWg6FDrsYAoMApG' +
  'QKDISTJMIFSTArKk4KNgUxgUtngzqk0QK3korIwpoJ2ATshXuIOhRKRwTsCioRQBBYKu6WRl42LiQsMyxtqRY8f8XckU4UJA' +
  '239/KA==';
const FITS_ZSTD =
  'KLUv/QRozQYA4o8qBxDwmwFgTgrZpS8n3tv2a9ShNU9mXPg79ujKh/Ou7fo06MySFxP2fh16cuG7abc2/RlzZMWDu1t/jjy4' +
  '7tmsS3u+DDmxYO7VnR8Hnlv2atKdLT9GHHg79ebGf+OOrXo058qODwPWPp15cd+3YacWvZlyY8P/GTZfLd6HyEROn1fixwST' +
  'fZimqZCYDDplsdcMFvt8pMgrsFmDXZHPKTL4mX54nw9x+WQipQESIGAtswPcUIGQE0V8mZD3B+bEISUHBDfNKpxHYTwbRdCJ' +
  'lTJFeKIURTgBSFdf+9A=';
const FITS_ZSTD_FAST =
  'KLUv/QRYPQcAwo8rExDIZzOzIn2MwgQM4OJM1O5mTgFBbWW7M1uamgSpcSLDgkeB8swJy7q6suTHjBIXEjR6uzP2VSbLUlIu' +
  'xogKBxb9Wet1jamqkqTHixATCiTqUyfOVpipKUd2tPgQYcChPWlv1nyJilIkx4oODwIU+p21SdPl6cmQGyk2NDiM1pVMqW7m' +
  'fbVbRzqluBnpe3Uxl04KZVKdUBxn824t2up082qf5+I+jsVxnaw282wBFQDcuAqEnCgaX3oB/AAhGKtoAM4xMokFHAB/wWqw' +
  'FsB5QGEEZwOKIDgxUMoQ4SkoRRDhBCABV1/70A==';
// 230,000 bytes, (i % 3) + (i >> 14): bzip2 -1 (three blocks), zstd -3.
const LONG_BZIP2 =
  'QlpoMTFBWSZTWQqTWlgAAABAAH/AMAC2BBkxAmqowAUqamRp3CSSX6SSWUkkspJEzRJJOSSSa2kkkz2SSTOJJJPpJJNySSZo' +
  'kknZJJNcSSSdVIeZwgqmVSH5igrJMprOZ5yFKAAAAgAAD/mABcaIMmIClSMj0ClTQg+2oijFEUckkk4oijNEkk7JJJriSSTP' +
  'JJJM6kkk9kkk5JJJ5okkmSSSa4kkkyVIbztFKLFUh+YoKyTKayqjxUlgAAAMAAAA+AAEAAoM0AmqmJuiCqwQVWJJJaIKrtyk' +
  'klgU9yUqLgp74u5IpwoSHNaMTAA=';
const LONG_ZSTD =
  'KLUv/QRYhAEAwAABAgIDAQQCAwMEBQUGBAcFBgYHCAgJBwhEAzH6H+h/oP+B/gf6H+h/oP+B/tcFXQEAqAoICQkKCwsMCg0L' +
  'DAwNDg4PDRAODwdQAwBqKv3P639e//P6n9f/vP7nAxAeWmM=';
// A line of text: bzip2.
const TEXT_BZIP2 = 'QlpoOTFBWSZTWRnUCpcAAAJXgAAQQAAEAggAJiKQACAAMQNA0Cm0BpoV8P6cJwikFwu5IpwoSAzqBUuA';

const bytesOf = (base64: string) => Buffer.from(base64, 'base64');
const long = Buffer.from(Array.from({ length: 230_000 }, (_, i) => (i % 3) + (i >> 14)));
const pixels = Array.from({ length: 1200 }, (_, i) => (i * 7) % 97);
const plain = () => {
  const data = Buffer.alloc(2400);
  pixels.forEach((value, i) => {
    data.writeInt16BE(value, 2 * i);
  });
  return fitsOf(imageCards(40, 30, ["OBJECT  = 'M 31    '", 'EXPTIME =                 30.0']), data);
};

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
type Expand = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
async function expanded(expand: Expand, bytes: Buffer, piece = 1000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of expand(inPieces(bytes, piece))) parts.push(part.slice());
  return Buffer.concat(parts);
}

describe.each<[string, Expand, Buffer]>([
  ['bzip2', expandBzip2, bytesOf(LONG_BZIP2)],
  ['zstd', expandZstd, bytesOf(LONG_ZSTD)],
])('streams of %s', (name, expand, packed) => {
  it('come out as they went in, whatever the pieces', async () => {
    for (const piece of [1, 7, 100_000])
      expect((await expanded(expand, packed, piece)).equals(long)).toBe(true);
  });

  it('may follow one another', async () => {
    const twice = await expanded(expand, Buffer.concat([packed, packed]));
    expect(twice.equals(Buffer.concat([long, long]))).toBe(true);
  });

  it('cut off anywhere are damaged', async () => {
    for (let end = 1; end < packed.length; end += 3)
      await expect(expanded(expand, packed.subarray(0, end)), `${name} ${end}`).rejects.toThrow(
        DamagedStream,
      );
  });

  it('with any bit changed end in an answer', async () => {
    for (let bit = 0; bit < packed.length * 8; bit += 11) {
      const bytes = Buffer.from(packed);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const answer = await expanded(expand, bytes).catch((thrown: unknown) => thrown);
      expect(
        Buffer.isBuffer(answer) || answer instanceof DamagedStream,
        `bit ${bit}: ${String(answer)}`,
      ).toBe(true);
    }
  });
});

it('bzip2 compares its checksums, of blocks and of the whole', async () => {
  const bytes = bytesOf(LONG_BZIP2);
  bytes[10]! ^= 1;
  await expect(expanded(expandBzip2, bytes)).rejects.toThrow('checksum');
  expect(
    (await expanded(expandBzip2, Buffer.concat([bytesOf(TEXT_BZIP2), Buffer.alloc(9)]))).toString(),
  ).toBe('Dear Sir or Madam\n');
});

it('Zstandard takes no window beyond 128 MiB, and skips what may be skipped', async () => {
  const frame = zstdFrame(long);
  const skippable = Buffer.from([0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const stream = bytesOf(LONG_ZSTD);
  expect((await expanded(expandZstd, Buffer.concat([skippable, frame, stream]))).length).toBe(
    2 * long.length,
  );
  // A window descriptor of 2 GiB.
  const hostile = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0]);
  await expect(expanded(expandZstd, hostile)).rejects.toThrow('128 MiB');
});

it('a Zstandard block that copies without end is refused after its first 128 KiB', async () => {
  // 33,000 matches of 131,074 bytes each, in 66 kB: codes without literals, the longest match, the offset of one.
  const count = 33_000;
  const bits = Buffer.alloc(2 * count + 1, 0xff);
  bits[2 * count] = 1;
  const lengths = [255, (count - 0x7f00) & 255, (count - 0x7f00) >> 8];
  const body = Buffer.concat([Buffer.from([0x08, 7, ...lengths, 0x54, 1, 0, 52]), bits]);
  const head = Buffer.alloc(3);
  head.writeUIntLE((body.length << 3) | 5, 0, 3);
  const frame = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), head, body]);
  await expect(expanded(expandZstd, frame)).rejects.toThrow('too long');
});

it('gzip: damage is told apart from a source that fails', async () => {
  await expect(expanded(expandGzip, gzipSync(long).subarray(0, -20))).rejects.toThrow(DamagedStream);
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzipSync(long).subarray(0, 20);
    throw new Error('the disk is gone');
  }
  const reading = async () => {
    for await (const part of expandGzip(failing())) void part;
  };
  await expect(reading()).rejects.toThrow('the disk is gone');
});

describe('FITS files that are compressed as a whole', () => {
  const folder = temporaryFolder();
  const reading = async (bytes: Buffer, limits = {}) => {
    try {
      const image = await openImage(folder.put('picture.jpg', bytes), limits);
      await image.grey(1);
      return 'read';
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  };

  it.each([
    ['gzip', gzipSync(plain())],
    ['bzip2', bytesOf(FITS_BZIP2)],
    ['zstd -19', bytesOf(FITS_ZSTD)],
    ['zstd -3', bytesOf(FITS_ZSTD_FAST)],
  ])('%s: pixels and header', async (_, bytes) => {
    const image = await openImage(folder.put('compressed.bin', bytes));
    expect(image).toMatchObject({ kind: 'fits', width: 40, height: 30 });
    expect([...(await image.grey(1)).data]).toEqual(pixels);
    expect((await image.grey(2)).width).toBe(20);
    expect(await readCapture(image)).toMatchObject({ object: 'M 31', exposure: 30 });
  });

  it('what is no FITS is refused by name', async () => {
    for (const [name, bytes] of [
      ['bzip2', bytesOf(TEXT_BZIP2)],
      ['Zstandard', zstdFrame(Buffer.from('Dear Sir or Madam'))],
    ] as const) {
      const opening = openImage(folder.put('text.fits', bytes));
      await expect(opening).rejects.toMatchObject({
        code: 'unsupported_image',
        message: expect.stringContaining(name),
      });
    }
  });

  it('bombs: limits count what comes out', async () => {
    const claims = fitsOf(imageCards(50_000, 50_000));
    expect(await reading(zstdFrame(claims), { maxPixels: 1e10 })).toBe('image_too_large');
    // Half a gigabyte of pixels in a kilobyte: refused before memory is taken for them.
    const before = process.memoryUsage().rss;
    expect(await reading(gzipSync(fitsOf(imageCards(16_000, 16_000))))).toBe('corrupt_image');
    expect(
      await reading(zstdFrame(Buffer.concat([fitsOf(imageCards(16_000, 16_000)), Buffer.alloc(1 << 22)]))),
    ).toBe('corrupt_image');
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    expect(await reading(zstdFrame(claims), { maxBytes: 1e6, maxPixels: 1e10 })).toBe('image_too_large');
    const cards = imageCards(1500, 1500);
    expect(await reading(zstdFrame(fitsOf(cards, Buffer.alloc(4_500_000))), { maxBytes: 1e6 })).toBe(
      'image_too_large',
    );
  });

  it('cut off or damaged', async () => {
    for (const base64 of [FITS_BZIP2, FITS_ZSTD]) {
      const bytes = bytesOf(base64);
      for (const share of [0.3, 0.6, 0.95]) {
        expect(await reading(bytes.subarray(0, bytes.length * share))).toBe('corrupt_image');
      }
    }
  });
});
