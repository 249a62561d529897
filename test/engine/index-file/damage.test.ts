import { describe, expect, it } from 'vitest';
import { type ByteSource, memoryBytes } from '../../../src/engine/index-file/byte-source.js';
import { IndexFileError, type IndexFileReason } from '../../../src/engine/index-file/error.js';
import { openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { PageCache } from '../../../src/engine/index-file/page-cache.js';
import { tableFits } from '../../../src/fits/write-table.js';
import { seededRandom } from '../../sky/random.js';
import { type IndexForm, inventSky, USUAL_FORM, writeIndex } from './index-writer.js';

const SKY = inventSky(seededRandom(2), 400, 300, 4);
const PERMUTED: IndexForm = { ...USUAL_FORM, permuted: true };
const BLOCK = 2880;

function file(form: IndexForm = USUAL_FORM): Buffer {
  return Buffer.from(writeIndex(SKY, form));
}

/** Gives the first card of that keyword from `after` on another value. */
function setCard(bytes: Buffer, keyword: string, value: string, after = ''): Buffer {
  const at = bytes.indexOf(`${keyword.padEnd(8)}= `, after === '' ? 0 : bytes.indexOf(after), 'latin1');
  bytes.write(value.startsWith("'") ? value.padEnd(20) : value.padStart(20), at + 10, 'latin1');
  return bytes;
}

/** Where the rows of a table begin. */
function rowsOf(bytes: Buffer, name: string): number {
  return (Math.floor(bytes.indexOf(`'${name}`, 0, 'latin1') / BLOCK) + 1) * BLOCK;
}

function errorOf(action: () => unknown): IndexFileError {
  try {
    action();
  } catch (error) {
    if (error instanceof IndexFileError) return error;
    throw error;
  }
  throw new Error('No error was thrown');
}

const open = (bytes: Uint8Array) => openIndexFile(memoryBytes(bytes));
const ignore = (): void => {};

describe('a file that is no index', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a few bytes', Buffer.from('SIMPLE')],
    ['a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(9000)])],
    ['a FITS table', tableFits([{ name: 'X', format: 'D', values: [1, 2] }])],
    [
      'an index without stars',
      file().subarray(0, file().indexOf('XTENSION', file().indexOf('kdtree_data_codes'))),
    ],
  ])('%s', (_, bytes) => {
    expect(errorOf(() => open(bytes)).reason).toBe('not_an_index');
  });
});

describe('a contradictory file', () => {
  const cases: [what: string, reason: IndexFileReason, bytes: Buffer][] = [
    ['rows beyond the file', 'truncated', setCard(file(), 'NAXIS2', '900719925474099', 'XTENSION')],
    ['rows beyond any number', 'corrupt', setCard(file(), 'NAXIS2', '1E300', 'XTENSION')],
    ['a negative length', 'corrupt', setCard(file(), 'NAXIS1', '-8', 'XTENSION')],
    ['another number of quads', 'corrupt', setCard(file(), 'NQUADS', '299')],
    ['another number of stars', 'corrupt', setCard(file(), 'NSTARS', '4000000000')],
    ['quads of two stars', 'unsupported', setCard(file(), 'DIMQUADS', '2')],
    ['quads of a billion stars', 'unsupported', setCard(file(), 'DIMQUADS', '1000000000')],
    ['quads of three stars by its header only', 'corrupt', setCard(file(), 'DIMQUADS', '3')],
    ['sizes in the wrong order', 'corrupt', setCard(file(), 'SCALE_L', '0.9')],
    ['a size that is no number', 'corrupt', setCard(file(), 'SCALE_U', 'NaN')],
    ['a cell that there is not', 'corrupt', setCard(setCard(file(), 'HEALPIX', '12'), 'HPNSIDE', '1')],
    ['a mixed byte order', 'unsupported', setCard(file(), 'ENDIAN', "'03:04:01:02'")],
    ['another byte order in a tree', 'corrupt', setCard(file(), 'ENDIAN', "'01:02:03:04'", 'header_codes')],
    ['numbers of 64 bits', 'unsupported', setCard(file(), 'KDT_DATA', "'u64     '")],
    ['a tree that is not complete', 'corrupt', setCard(file(), 'KDT_NNOD', '30', 'header_stars')],
    ['more nodes than stars', 'corrupt', setCard(file(), 'KDT_NNOD', '1048575', 'header_stars')],
    ['codes of an old kind', 'unsupported', setCard(file(), 'CIRCLE', 'F')],
  ];
  for (const [at, value] of [
    [0, Number.NaN],
    [2, Number.POSITIVE_INFINITY],
    [8, 0],
    [8, -1],
    [8, Number.NaN],
  ] as const) {
    const bytes = file();
    bytes.writeDoubleLE(value, rowsOf(bytes, 'kdtree_range_codes') + 8 * at);
    cases.push([`a range with ${value} at ${at}`, 'corrupt', bytes]);
  }

  it.each(cases)('%s', (_, reason, bytes) => {
    const error = errorOf(() => open(bytes));
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(/^[A-Z].{20}/);
  });
});

describe('a damaged table', () => {
  it('with leaves that share their rows costs no more than one look at each', () => {
    const bytes = file();
    const lasts = rowsOf(bytes, 'kdtree_lr_stars');
    // Even leaves hold all stars, odd ones end before they begin.
    for (let leaf = 0; leaf < 32; leaf++) bytes.writeInt32LE(leaf % 2 === 0 ? 399 : -1, lasts + 4 * leaf);
    const index = open(bytes);
    let visits = 0;
    const error = errorOf(() => index.starsInCap([0, 0, 1], 4, () => visits++));
    expect(error.reason).toBe('corrupt');
    expect(visits).toBeLessThanOrEqual(400);
  });

  it.each([400, -2, 2 ** 31 - 1])('with a leaf that ends at row %i', (end) => {
    const bytes = file();
    bytes.writeInt32LE(end, rowsOf(bytes, 'kdtree_lr_stars'));
    const index = open(bytes);
    expect(errorOf(() => index.starsInCap([0, 0, 1], 4, ignore)).reason).toBe('corrupt');
  });

  it('with a split along an axis that there is not', () => {
    const bytes = file();
    const splits = rowsOf(bytes, 'kdtree_split_stars');
    bytes.writeUInt32LE(bytes.readUInt32LE(splits) | 3, splits);
    const index = open(bytes);
    expect(errorOf(() => index.starsInCap([0, 0, 1], 1, ignore)).reason).toBe('corrupt');
  });

  it('with a star off the sphere', () => {
    const bytes = file();
    bytes.writeUInt32LE(0, rowsOf(bytes, 'kdtree_data_stars') + 8);
    const index = open(bytes);
    expect(errorOf(() => index.starPosition(0, [])).reason).toBe('corrupt');
    expect(() => index.starPosition(1, [])).not.toThrow();
  });

  it('with a quad of a star that there is not', () => {
    const bytes = file();
    bytes.writeUInt32LE(400, rowsOf(bytes, 'quads') + 4 * 6);
    const index = open(bytes);
    expect(errorOf(() => index.quadStars(1, [])).reason).toBe('corrupt');
    expect(() => index.quadStars(0, [])).not.toThrow();
  });

  it.each([
    ['twice', 0],
    ['that there is not', 4_000_000_000],
  ])('with a permutation that names an item %s', (_, item) => {
    const bytes = file(PERMUTED);
    const rows = rowsOf(bytes, 'kdtree_perm_stars');
    const [first, second] = [bytes.readUInt32LE(rows), bytes.readUInt32LE(rows + 4)];
    bytes.writeUInt32LE(item === 0 ? first : item, rows + 4);
    const index = open(bytes);
    expect(errorOf(() => index.starPosition(second, [])).reason).toBe('corrupt');
  });

  it('that became shorter after it was opened', () => {
    const bytes = file();
    let size = bytes.length;
    const source: ByteSource = {
      size,
      read: (offset, length) => bytes.subarray(offset, Math.min(size, offset + length)),
    };
    const index = openIndexFile(source);
    size = 20_000;
    expect(errorOf(() => index.starsInCap([0, 0, 1], 1, ignore)).reason).toBe('truncated');
  });
});

describe('an endless file', () => {
  const card = (text: string): string => text.padEnd(80);
  const unit = ["XTENSION= 'IMAGE   '", 'BITPIX  = 8', 'NAXIS   = 0', 'END'].map(card).join('').padEnd(BLOCK);

  it.each([
    ['a header without end', card('SIMPLE  =                    T'), ' '.repeat(BLOCK)],
    ['units without data', file().toString('latin1', 0, BLOCK), unit],
  ])('of %s is given up', (_, start, rest) => {
    let reads = 0;
    const source: ByteSource = {
      size: 2 ** 50,
      read(offset, length) {
        reads++;
        return Buffer.from(offset === 0 ? start.padEnd(BLOCK) : rest, 'latin1').subarray(0, length);
      },
    };
    expect(errorOf(() => openIndexFile(source)).reason).toBe('corrupt');
    expect(reads).toBeLessThan(10_000);
  });
});

describe('a caller’s mistake', () => {
  it.each([-1, 0.5, 400, Number.NaN, 2 ** 32])('asking for star %d is a RangeError', (star) => {
    const index = open(file());
    expect(() => index.starPosition(star, [])).toThrow(RangeError);
    expect(() => index.magnitude(star)).toThrow(RangeError);
    expect(() => index.sweep(star)).toThrow(RangeError);
  });

  it('searching from within a search of the same tree is refused, of the other not', () => {
    const index = open(file());
    expect(() => index.starsInCap([0, 0, 1], 1, () => index.starsInCap([0, 0, 1], 1, ignore))).toThrow(
      /within its own search/,
    );
    let inner = 0;
    index.searchCodes(SKY.codes[0]!, 1e-3, () => index.starsInCap([0, 0, 1], 4, () => inner++));
    expect(inner).toBe(400);
  });

  it('a place or radius that is no number finds nothing', () => {
    const index = open(file());
    const found: number[] = [];
    index.starsInCap([Number.NaN, 0, 1], 1, (star) => found.push(star));
    index.starsInCap([0, 0, 1], Number.NaN, (star) => found.push(star));
    index.starsInCap([0, 0, 1], -1, (star) => found.push(star));
    index.searchCodes([0.5], 1, (quad) => found.push(quad));
    expect(found).toEqual([]);
  });
});

describe('the page cache', () => {
  it('keeps within its limit over two files, and empties when they are closed', () => {
    const cache = new PageCache(40_000);
    const sky = inventSky(seededRandom(12), 12_000, 1000, 3);
    const files = [USUAL_FORM, PERMUTED].map((form) =>
      openIndexFile(memoryBytes(writeIndex(sky, form)), { cache }),
    );
    const random = seededRandom(1);
    const vector = [0, 0, 0];
    const seen = new Map<string, string>();
    for (let i = 0; i < 20_000; i++) {
      const [file, star] = [i % 2, Math.floor(12_000 * random.uniform())];
      files[file]!.starPosition(star, vector);
      files[file]!.magnitude(star);
      if (cache.bytes > 40_000) throw new Error(`The cache holds ${cache.bytes} bytes`);
      // A page that was dropped and read again holds the same.
      const key = `${file}/${star}`;
      if ((seen.get(key) ?? `${vector}`) !== `${vector}`) throw new Error(`The star ${key} moved`);
      seen.set(key, `${vector}`);
    }
    expect(cache.bytes).toBeGreaterThan(20_000);
    for (const index of files) index.close();
    expect(cache.bytes).toBe(0);
    files[0]!.starPosition(3, vector);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  });
});
