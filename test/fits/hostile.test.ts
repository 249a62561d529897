import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readTable } from '../../src/fits/table.js';
import { imageFits } from '../../src/fits/write.js';
import { sourceListFits } from '../../src/fits/write-table.js';
import { inspectFitsImage, readFitsImage } from '../../src/image/fits-pixels.js';
import { AstroJobsError } from '../../src/job/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'astro-jobs-fits-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** One small file of each kind. */
const files: { name: string; bytes: Buffer }[] = readFileSync(
  new URL('../image/astropy-images.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map(({ name, file }) => ({ name, bytes: gunzipSync(Buffer.from(file, 'base64')) }));
const kind = (name: string) => files.find((file) => file.name === name)!.bytes;
const table = sourceListFits({ x: [1, 2, 3], y: [4, 5, 6] });

const LIMITS = { maxPixels: 1_000_000, maxExpandedBytes: 1 << 24, maxBytes: 1 << 22 };
const CODES = ['corrupt_image', 'unsupported_image', 'image_too_large'];

/** Reads everything that there is in a file; a refusal is as good as a result, anything else thrown is not. */
async function devour(input: string | Uint8Array): Promise<string> {
  try {
    const image = await readFitsImage(input, 2, LIMITS);
    expect(image.data.length).toBe(image.width * image.height);
    return 'image';
  } catch (error) {
    if (!(error instanceof AstroJobsError)) throw error;
    expect(CODES).toContain(error.code);
  }
  try {
    const found = await readTable(input, undefined, LIMITS);
    for (const name of found.columns) found.has(name);
    return 'table';
  } catch (error) {
    if (!(error instanceof AstroJobsError)) throw error;
    expect(CODES).toContain(error.code);
    return error.code;
  }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof AstroJobsError ? error.code : error),
  );

/** A file with one card of its header changed. */
function withCard(bytes: Buffer, keyword: string, value: string): Buffer {
  const at = bytes.indexOf(`${keyword.padEnd(8)}=`);
  const changed = Buffer.from(bytes);
  changed.write(`${keyword.padEnd(8)}= ${value}`.padEnd(80).slice(0, 80), at, 'latin1');
  return changed;
}

describe('headers that lie', () => {
  const plain = kind('int16');
  test.each([
    ['NAXIS1', '100000000', 'image_too_large'],
    ['NAXIS1', '900', 'corrupt_image'],
    ['NAXIS2', '-18', 'corrupt_image'],
    ['NAXIS2', 'NaN', 'corrupt_image'],
    ['NAXIS2', '1.5', 'corrupt_image'],
    ['NAXIS2', '1E300', 'corrupt_image'],
    ['NAXIS', '999999', 'corrupt_image'],
    ['NAXIS', "'two'", 'corrupt_image'],
    ['BITPIX', '17', 'corrupt_image'],
    ['BITPIX', '-64', 'corrupt_image'],
    ['NAXIS2', '0', 'unsupported_image'],
  ])('%s = %s: %s', async (keyword, value, code) => {
    expect(await codeOf(readFitsImage(withCard(plain, keyword, value), 1, LIMITS))).toBe(code);
  });

  test('a cube of a hundred million planes is measured, and not read', async () => {
    const cube = withCard(kind('cube of float32'), 'NAXIS3', '100000000');
    expect(await inspectFitsImage(cube)).toMatchObject({ width: 23, height: 18, planes: 1 });
    expect(await codeOf(readFitsImage(cube))).toBe('corrupt_image');
  });

  test.each([
    ['ZTILE1', '0'],
    ['ZTILE2', '-1'],
    ['ZBITPIX', '3'],
    ['NAXIS2', '100000'],
    ['NAXIS1', '2'],
    ['PCOUNT', '1'],
    ['TFORM1', "'9999999PB'"],
    ['TFORM1', "'1D'"],
    ['ZVAL1', '0'],
    ['ZVAL2', '3'],
  ])('tiles with %s = %s', async (keyword, value) => {
    expect(await codeOf(readFitsImage(withCard(kind('RICE_1 int16'), keyword, value), 1, LIMITS))).toBe(
      'corrupt_image',
    );
  });

  test('a header without end is given up', async () => {
    const endless = Buffer.concat([
      table.subarray(0, 80),
      Buffer.from('COMMENT x'.padEnd(80).repeat(36_000)),
    ]);
    expect(await codeOf(inspectFitsImage(endless))).toBe('corrupt_image');
    expect(await codeOf(inspectFitsImage(endless.subarray(0, 4000)))).toBe('corrupt_image');
  });

  test('an unknown compression is named', async () => {
    const strange = withCard(kind('RICE_1 int16'), 'ZCMPTYPE', "'JPEG_1'");
    await expect(readFitsImage(strange)).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('JPEG_1'),
    });
  });
});

describe('gzip', () => {
  test('is expanded on the way, from memory and from a file, whatever its name', async () => {
    const plain = kind('cube of uint16');
    const path = join(folder, 'image.fits');
    writeFileSync(path, gzipSync(plain));
    const wanted = await readFitsImage(plain);
    expect(await readFitsImage(path)).toEqual(wanted);
    expect(await readFitsImage(gzipSync(plain), 1)).toEqual(wanted);
    expect((await readTable(gzipSync(table))).rows).toBe(3);
  });

  test('of a compressed image, whose tiles are read back and forth', async () => {
    const plain = kind('RICE_1 cube of int16');
    expect(await readFitsImage(gzipSync(plain))).toEqual(await readFitsImage(plain));
  });

  test('a bomb is refused before it goes off', async () => {
    const width = 2000;
    const pixels = new Uint16Array(width * width);
    const bomb = gzipSync(Buffer.concat([...imageFits({ width, height: width, planes: [pixels] })]));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await codeOf(readFitsImage(bomb, 1, { maxExpandedBytes: 1 << 20 }))).toBe('image_too_large');
    expect((await readFitsImage(bomb, 100)).width).toBe(20);
    expect(await codeOf(inspectFitsImage(gzipSync(Buffer.alloc(1 << 26))))).toBe('corrupt_image');
  });

  test('cut off anywhere is refused', async () => {
    const packed = gzipSync(kind('float32 with NaN'));
    for (let length = 1; length < packed.length - 8; length += 31) {
      expect(CODES).toContain(await codeOf(readFitsImage(packed.subarray(0, length))));
    }
  });
});

describe('what is no picture', () => {
  test('a missing file, a folder, a pipe, nothing', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    writeFileSync(join(folder, 'empty'), '');
    expect(await codeOf(readFitsImage(join(folder, 'missing')))).toBe('image_not_found');
    expect(await codeOf(readFitsImage(folder))).toBe('unsupported_image');
    expect(await codeOf(readFitsImage(pipe))).toBe('unsupported_image');
    expect(await codeOf(readFitsImage(join(folder, 'empty')))).toBe('corrupt_image');
    expect(await codeOf(readFitsImage(table))).toBe('unsupported_image');
    expect(await codeOf(readTable(kind('int16')))).toBe('corrupt_image');
  });

  test('reading stops when it is told to', async () => {
    const stop = new Error('enough');
    await expect(readFitsImage(kind('int16'), 1, { signal: AbortSignal.abort(stop) })).rejects.toBe(stop);
  });
});

describe('damage', () => {
  test('truncation at every byte of the data and every card of the headers is refused or harmless', async () => {
    for (const bytes of [kind('image behind a table'), kind('GZIP_2 int16 tiles'), table]) {
      const outcomes = new Set<string>();
      for (let length = 0; length < bytes.length; length += length < bytes.length - 700 ? 80 : 1) {
        outcomes.add(await devour(bytes.subarray(0, length)));
      }
      expect(outcomes).toContain('corrupt_image');
    }
  });

  test('mutations of every kind of file', async () => {
    const mutation = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
    });
    const source = fc.constantFrom(...files.map(({ bytes }) => bytes), table, gzipSync(table));
    await fc.assert(
      fc.asyncProperty(
        source,
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        async (bytes, mutations) => {
          const changed = Buffer.from(bytes);
          for (const { at, bytes: written } of mutations)
            changed.set(
              written.subarray(0, changed.length - Math.floor(at * changed.length)),
              Math.min(changed.length - 1, Math.floor(at * changed.length)),
            );
          expect([...CODES, 'image', 'table']).toContain(await devour(changed));
        },
      ),
      { numRuns: 3000 },
    );
  }, 120_000);

  test('mutations of numbers in headers', async () => {
    const card = fc.constantFrom(
      'BITPIX',
      'NAXIS',
      'NAXIS1',
      'NAXIS2',
      'PCOUNT',
      'GCOUNT',
      'TFIELDS',
      'TFORM1',
      'TFORM2',
      'THEAP',
      'ZNAXIS1',
      'ZNAXIS2',
      'ZTILE1',
      'ZTILE2',
      'ZBITPIX',
      'ZCMPTYPE',
      'ZVAL1',
      'ZVAL2',
      'ZDITHER0',
      'BSCALE',
      'BZERO',
    );
    const value = fc.constantFrom(
      '0',
      '-1',
      '1',
      '7',
      '1E9',
      '2147483648',
      '9E99',
      'NaN',
      'T',
      "''",
      "'1PB'",
      "'0D'",
      "'1QE(9)'",
      "'999999999X'",
      "'PLIO_1'",
      "'HCOMPRESS_1'",
      "'GZIP_2'",
    );
    const source = fc.constantFrom(...files.map(({ bytes }) => bytes), table);
    await fc.assert(
      fc.asyncProperty(
        source,
        fc.array(fc.tuple(card, value), { minLength: 1, maxLength: 3 }),
        async (bytes, changes) => {
          let changed = bytes;
          for (const [keyword, written] of changes)
            if (changed.includes(`${keyword.padEnd(8)}=`)) changed = withCard(changed, keyword, written);
          expect([...CODES, 'image', 'table']).toContain(await devour(changed));
        },
      ),
      { numRuns: 3000 },
    );
  }, 120_000);
});
