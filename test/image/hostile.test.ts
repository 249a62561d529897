import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { openImage } from '../../src/image/open.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { fitsOf, greyTiffTags, imageCards, type TiffTag, temporaryFolder, tiffOf } from './files.js';
import { data, fitsCards, SEEDS, smallPicture } from './seeds.js';

/**
 * Mutations of each kind; `FUZZ_RUNS=10000` for a thorough run, which also cuts at every byte instead of at
 * those of the head.
 */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
const LIMITS = { maxBytes: 2 ** 26, maxPixels: 4_000_000 };
const MIB = 2 ** 20;

const folder = temporaryFolder();
let files = 0;

/**
 * Everything that the library does with a file that it is given. Ends well or in an error of ours; anything
 * else fails the test.
 */
async function walk(bytes: Uint8Array): Promise<string> {
  const path = folder.put(`f${files++}`, bytes);
  try {
    const image = await openImage(path, LIMITS);
    const capture = await readCapture(image);
    const { hints } = deriveHints(image, capture);
    expect(JSON.stringify([capture, hints])).not.toMatch(/null|\\u00[01]/);
    const grey = await image.grey(2);
    expect(grey.data.length).toBe(grey.width * grey.height);
    return 'read';
  } catch (thrown) {
    if (!(thrown instanceof AstroJobsError)) throw thrown;
    expect(['corrupt_image', 'unsupported_image', 'image_too_large']).toContain(thrown.code);
    expect(thrown.message).not.toContain(folder.path);
    return thrown.code;
  } finally {
    rmSync(path);
  }
}

const picture = smallPicture;
const seeds = new Map<string, Buffer>();

beforeAll(async () => {
  for (const [kind, make] of Object.entries(SEEDS)) seeds.set(kind, await make());
});

describe.each(Object.keys(SEEDS))('%s', (kind) => {
  it('whole, is read', async () => {
    expect(await walk(seeds.get(kind)!)).toBe('read');
  });

  it('cut off at every byte, is read or refused', async () => {
    const whole = seeds.get(kind)!;
    const everyByte = process.env.FUZZ_RUNS === undefined ? 700 : whole.length;
    const lengths: number[] = [];
    for (let length = 0; length < whole.length; length += length < everyByte ? 1 : 13) lengths.push(length);
    const outcomes = new Set<string>();
    while (lengths.length > 0) {
      const walks = lengths.splice(0, 8).map((length) => walk(whole.subarray(0, length)));
      for (const outcome of await Promise.all(walks)) outcomes.add(outcome);
    }
    expect(outcomes).toContain('corrupt_image');
  });

  it(`changed at random ${RUNS} times, is read or refused`, async () => {
    const whole = seeds.get(kind)!;
    const change = fc.record({
      // Headers are where the claims stand.
      at: fc.oneof(fc.nat(Math.min(whole.length - 1, 400)), fc.nat(whole.length - 1)),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        fc.constantFrom([0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0x7f, 0xff, 0xff, 0xff], [0x20, 0x27, 0x2f]),
      ),
      how: fc.constantFrom('replace', 'insert', 'delete'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        let bytes = Buffer.from(whole);
        for (const { at, bytes: patch, how } of changes) {
          const place = Math.min(at, bytes.length);
          const rest = place + (how === 'insert' ? 0 : patch.length);
          const middle = how === 'delete' ? Buffer.alloc(0) : Buffer.from(patch);
          bytes = Buffer.concat([bytes.subarray(0, place), middle, bytes.subarray(rest)]);
        }
        await walk(bytes);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

describe('made to hurt', () => {
  const tiff = (tags: readonly TiffTag[], options = {}) =>
    tiffOf([...greyTiffTags(20, 14, 8, 1), ...tags], { data, ...options });

  it('directories that lead in circles', async () => {
    const own = 8 + data.length;
    expect(await walk(tiff([], { next: own }))).toBe('read');
    const circle = [0x8769, 0x8825, 330].map((tag) => ({ tag, type: 4, values: [own] }));
    expect(await walk(tiff(circle))).toBe('read');
  });

  it('a directory of 65535 entries, values of 4 GiB, and thousands of large overlapping ones', async () => {
    const claims = tiff([{ tag: 0x9003, type: 2, values: 'x'.repeat(20) }]);
    const entry = claims.indexOf(Buffer.from([0x03, 0x90, 0x02, 0x00]));
    claims.writeUInt32LE(0xffffffff, entry + 4);
    expect(await walk(claims)).toBe('read');

    const block = Buffer.alloc(60_000, 1);
    block.write('II*\0\x08\0\0\0', 'latin1');
    const entries = 4900;
    block.writeUInt16LE(entries, 8);
    for (let i = 0; i < entries; i++) {
      const at = 10 + 12 * i;
      block.writeUInt16LE(0x9000 + i, at);
      block.writeUInt16LE(3, at + 2);
      block.writeUInt32LE(25_000, at + 4);
      block.writeUInt32LE(8, at + 8);
    }
    const jpeg = await picture().jpeg().toBuffer();
    const marker = Buffer.from([0xff, 0xe1, 0, 0]);
    marker.writeUInt16BE(block.length + 8, 2);
    const before = process.memoryUsage().rss;
    const hostile = Buffer.concat([
      jpeg.subarray(0, 2),
      marker,
      Buffer.from('Exif\0\0', 'latin1'),
      block,
      jpeg.subarray(2),
    ]);
    expect(await walk(hostile)).toBe('read');
    // Believed, these are 120 million numbers.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  it('gzip bombs: a FITS image of zeros, and a table of them before the image', async () => {
    const before = process.memoryUsage().rss;
    const zeros = gzipSync(Buffer.alloc(200 * MIB), { level: 1 });
    const head = gzipSync(fitsOf(imageCards(2000, 2000)));
    // A gzip file may have several members, which are read as one.
    expect(await walk(Buffer.concat([head, zeros]))).toBe('read');
    const claims = gzipSync(fitsOf(imageCards(100_000, 100_000)));
    expect(await walk(Buffer.concat([claims, zeros]))).toBe('image_too_large');
    const noImage = [
      'SIMPLE  =                    T',
      'BITPIX  =                    8',
      'NAXIS   =                    0',
    ];
    const bigTable = [
      "XTENSION= 'BINTABLE'",
      'BITPIX  =                    8',
      'NAXIS   =                    2',
      'NAXIS1  =             10000000',
      'NAXIS2  =                 1000',
      'PCOUNT  =                    0',
      'GCOUNT  =                    1',
      'TFIELDS =                    0',
    ];
    const buried = gzipSync(Buffer.concat([fitsOf(noImage), fitsOf(bigTable)]));
    expect(await walk(Buffer.concat([buried, zeros, zeros]))).not.toBe('read');
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * MIB);
  });

  it('headers without an end, and sizes that no computer has', async () => {
    expect(await walk(Buffer.from('SIMPLE  = T'.padEnd(80).repeat(40_000), 'latin1'))).toBe('corrupt_image');
    const cards = (naxis3: string) => [
      'SIMPLE  = T',
      'BITPIX  = -64',
      'NAXIS   = 3',
      'NAXIS1  = 100',
      'NAXIS2  = 100',
      `NAXIS3  = ${naxis3}`,
    ];
    expect(await walk(fitsOf(cards('100000000')))).toBe('corrupt_image');
    expect(await walk(fitsOf(cards('1E300')))).toBe('corrupt_image');
    expect(await walk(fitsOf(imageCards(-5, 5)))).toBe('corrupt_image');
  });

  it('two things in one file', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    expect(await walk(Buffer.concat([jpeg, fitsOf(imageCards(4, 4), Buffer.alloc(32))]))).toBe('read');
    expect(await walk(Buffer.concat([jpeg, Buffer.from('PK\x03\x04<script>', 'latin1')]))).toBe('read');
    expect(await walk(Buffer.concat([fitsOf(imageCards(4, 4), Buffer.alloc(32)), jpeg]))).toBe('read');
  });

  it('values that would reach a terminal', async () => {
    const cards = [...fitsCards, "OBJECT  = '\x1b]0;owned\x07M 31\x9b31m'", "TELESCOP= '\x00\x08\x7f'"];
    const image = await openImage(folder.put('escape.fits', fitsOf(cards, Buffer.alloc(560))));
    const capture = await readCapture(image);
    expect(capture.object).toMatch(/M 31/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(JSON.stringify(capture)).not.toMatch(/[\x00-\x1f\x7f-\x9f]|\\u00/);
  });
});
