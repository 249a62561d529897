// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import { type ArraySpec, arrayOffsets, CacheFileError, encodeArrays, readWords } from './array-file.js';
import { levelLimits } from './quad-builder.js';
import { LIST_CELL, LIST_LENGTH, type QuadLevelData } from './quad-level.js';
import { SkyCells } from './sky-cells.js';
import type { StarCatalog } from './star-catalog.js';
import { crc32 } from './star-file.js';

/** Changes with anything that changes quads or lists: sizes, choice, code, layout. */
const LEVEL_VERSION = 1;
const WORDS = 5;
const MOST_BINS = 64;

/** The name of a level's file in a cache. */
export function levelFileName(catalog: StarCatalog, size_deg: number): string {
  return `quads-${LEVEL_VERSION}-${catalog.count}-${size_deg}.bin`;
}

/** Tells catalogues apart: a checksum of the magnitudes and of some directions. */
export function fingerprintOf({ data }: StarCatalog): number {
  const { magnitudes, vectors, count } = data;
  const sample = Float32Array.from({ length: Math.min(count, 4096) }, (_, i) => {
    const star = Math.floor((i * count) / Math.min(count, 4096));
    return magnitudes[star]! + vectors[3 * star]! + 2 * vectors[3 * star + 1]! + 3 * vectors[3 * star + 2]!;
  });
  return crc32(new Uint8Array(sample.buffer));
}

/** Packs a level that covers the whole sky: pieces to be written one after another. */
export function encodeLevel(catalog: StarCatalog, size_deg: number, level: QuadLevelData): Uint8Array[] {
  const { binStart, codes, stars, lists, listCounts, count, bins } = level;
  const words = [LEVEL_VERSION, fingerprintOf(catalog), Math.round(size_deg * 1000), count, bins];
  return encodeArrays(words, specsOf(size_deg, count, bins), [binStart, codes, stars, lists, listCounts]);
}

/**
 * Unpacks a level onto the bytes themselves: those of a `SharedArrayBuffer` into which a file was read are shared as they are.
 * @param bytes begin at a multiple of eight in their buffer
 * @throws CacheFileError when it is not a level of this size made by this version from these stars
 */
export function decodeLevel(catalog: StarCatalog, size_deg: number, bytes: Uint8Array): QuadLevelData {
  const [version, fingerprint, size, count, bins] = readWords(bytes, WORDS) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const isSame =
    version === LEVEL_VERSION &&
    fingerprint === fingerprintOf(catalog) &&
    size === Math.round(size_deg * 1000);
  if (!isSame)
    throw new CacheFileError('The cached level is of another version, another size or other stars');
  if (bins < 1 || bins > MOST_BINS) throw new CacheFileError('The cached level is damaged');
  const specs = specsOf(size_deg, count, bins);
  const offsets = arrayOffsets(bytes, WORDS, specs);
  const { buffer } = bytes;
  const level: QuadLevelData = {
    size_rad: (size_deg * Math.PI) / 180,
    ...levelLimits(size_deg),
    count,
    bins,
    binStart: new Uint32Array(buffer, offsets[0], specs[0].length),
    codes: new Uint16Array(buffer, offsets[1], specs[1].length),
    stars: new Uint32Array(buffer, offsets[2], specs[2].length),
    lists: new Uint32Array(buffer, offsets[3], specs[3].length),
    listCounts: new Uint8Array(buffer, offsets[4], specs[4].length),
  };
  check(level, catalog.count);
  return level;
}

function specsOf(size_deg: number, count: number, bins: number) {
  const cells = new SkyCells((LIST_CELL * size_deg * Math.PI) / 180).count;
  return [
    { element: 'u32', length: bins ** 4 + 1 },
    { element: 'u16', length: 4 * count },
    { element: 'u32', length: 4 * count },
    { element: 'u32', length: LIST_LENGTH * cells },
    { element: 'u8', length: cells },
  ] as const satisfies readonly ArraySpec[];
}

/** A search trusts these numbers: none may lead outside the arrays. */
function check({ binStart, stars, lists, listCounts, count }: QuadLevelData, starCount: number): void {
  let isSound = binStart[0] === 0 && binStart.at(-1) === count;
  for (let i = 1; i < binStart.length; i++) if (binStart[i]! < binStart[i - 1]!) isSound = false;
  for (let i = 0; i < stars.length; i++) if (stars[i]! >= starCount) isSound = false;
  for (let i = 0; i < lists.length; i++) if (lists[i]! >= starCount) isSound = false;
  for (let i = 0; i < listCounts.length; i++) if (listCounts[i]! > LIST_LENGTH) isSound = false;
  if (!isSound) throw new CacheFileError('The cached level is damaged');
}
