import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/engine/index-file/byte-source.js';
import { IndexFileError } from '../../../src/engine/index-file/error.js';
import { type IndexFile, openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { PageCache } from '../../../src/engine/index-file/page-cache.js';
import { type Random, seededRandom } from '../../sky/random.js';
import { type IndexForm, inventSky, USUAL_FORM, writeIndex } from './index-writer.js';

const BLOCK = 2880;
const FORMS: IndexForm[] = [
  USUAL_FORM,
  { ...USUAL_FORM, permuted: true, order: 'big' },
  {
    codes: { data: 'double', tree: 'u32', nodes: 'apart', leaves: 'linear' },
    stars: { data: 'float', tree: 'float', nodes: 'boxes', leaves: 'stored' },
    order: 'little',
    permuted: true,
  },
  {
    codes: { data: 'float', tree: 'float', nodes: 'apart', leaves: 'halved' },
    stars: { data: 'double', tree: 'u16', nodes: 'packed', leaves: 'stored' },
    order: 'big',
    permuted: false,
  },
];
const ORIGINALS = FORMS.map((form, i) =>
  Buffer.from(writeIndex(inventSky(seededRandom(i), 300, 200, 3 + (i % 3)), form)),
);

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const below = (random: Random, count: number): number => Math.floor(count * random.uniform());

/** Where a header's card begins, any card's. */
function anyCard(bytes: Buffer, random: Random): number {
  const blocks = Array.from({ length: Math.floor(bytes.length / BLOCK) }, (_, i) => i * BLOCK);
  const headers = blocks.filter((at) => /^(SIMPLE|XTENSION)/.test(bytes.toString('latin1', at, at + 8)));
  return (headers[below(random, headers.length)] ?? 0) + 80 * below(random, 20);
}

const STRANGE = [
  '0',
  '-1',
  '1',
  '2147483647',
  '4294967296',
  '9007199254740993',
  '1E308',
  '-0.5',
  'NaN',
  "''",
  'T',
];

const MUTATIONS: Record<string, Mutation> = {
  'a few bytes': (bytes, random) => {
    for (let i = 0; i <= below(random, 8); i++) bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  'a run of one byte': (bytes, random) => {
    const at = below(random, bytes.length);
    return bytes.fill(random.uniform() < 0.5 ? 0 : 255, at, Math.min(bytes.length, at + below(random, 2000)));
  },
  'a digit of a header': (bytes, random) => {
    bytes[anyCard(bytes, random) + 10 + below(random, 20)] = 48 + below(random, 10);
    return bytes;
  },
  'the value of a card': (bytes, random) => {
    bytes.write(STRANGE[below(random, STRANGE.length)]!.padStart(20), anyCard(bytes, random) + 10, 'latin1');
    return bytes;
  },
  'a card in place of another': (bytes, random) => {
    const from = anyCard(bytes, random);
    bytes.copy(bytes, anyCard(bytes, random), from, from + 80);
    return bytes;
  },
  'an end that is missing': (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  'a block that is missing': (bytes, random) => {
    const at = BLOCK * below(random, bytes.length / BLOCK);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + BLOCK)]);
  },
  'a block too many': (bytes, random) => {
    const at = BLOCK * below(random, bytes.length / BLOCK);
    return Buffer.concat([bytes.subarray(0, at + BLOCK), bytes.subarray(at)]);
  },
  'a table that is noise': (bytes, random) => {
    const at = BLOCK * below(random, bytes.length / BLOCK);
    for (let i = at; i < Math.min(bytes.length, at + BLOCK); i++) bytes[i] = below(random, 256);
    return bytes;
  },
};

/** As `expect`, which is slow where it is asked a million times. */
function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`There was ${otherwise}`);
}

/** Uses everything that an index offers, and checks what must hold whatever the file says. */
function useIndex(index: IndexFile, random: Random): void {
  const { quads, stars, dimQuads } = index.metadata;
  const code = new Float64Array(2 * (dimQuads - 2));
  const position = new Float64Array(3);
  const members = new Uint32Array(dimQuads);
  for (let round = 0; round < 4 && quads > 0 && stars > 0; round++) {
    index.quadCode(below(random, quads), code);
    const found = new Set<number>();
    index.searchCodes(code, [0, 0.01, 0.3, 10][round]!, (quad) => found.add(quad));
    index.searchCodes(code.fill(0.5), 1, (quad) => found.add(quad));
    index.starsInCap([0, 0, 1], [0.01, 0.3, 4, 1][round]!, (star) => {
      require(star < stars, 'a star that there is not');
    });
    for (const quad of found) {
      require(quad < quads, 'a quad that there is not');
      index.quadStars(quad, members);
      for (const star of members) {
        index.starPosition(star, position);
        require(Math.abs(Math.hypot(...position) - 1) < 1e-3, 'a star off the sphere');
        index.magnitude(star);
        index.sweep(star);
      }
    }
  }
}

describe('a mutated index file', () => {
  it.each(Object.entries(MUTATIONS))('with %s is refused or read, and nothing else', (_, mutate) => {
    const random = seededRandom(77);
    const [CACHE, ROUNDS] = [100_000, 80];
    const counts = { refused: 0, read: 0 };
    for (const original of ORIGINALS) {
      for (let round = 0; round < ROUNDS; round++) {
        const bytes = mutate(Buffer.from(original), random);
        const cache = new PageCache(CACHE);
        const source: ByteSource = {
          size: bytes.length,
          read(offset, length) {
            // What a reader asks for is what it allocates.
            require(length <= 16 << 10, `a read of ${length} bytes`);
            return bytes.subarray(offset, offset + length);
          },
        };
        try {
          useIndex(openIndexFile(source, { cache }), random);
          counts.read++;
        } catch (error) {
          if (!(error instanceof IndexFileError)) throw error;
          counts.refused++;
        }
        require(cache.bytes <= Math.min(CACHE, bytes.length), `a cache of ${cache.bytes} bytes`);
      }
    }
    expect(counts.refused).toBeGreaterThan(0);
    expect(counts.refused + counts.read).toBe(ORIGINALS.length * ROUNDS);
  });
});
