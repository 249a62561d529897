import { levelLimits } from './quad-builder.js';
import type { QuadLevelData } from './quad-level.js';
import { LIST_CELL, LIST_LENGTH } from './quad-level.js';
import { SkyCells } from './sky-cells.js';
import type { StarCatalog } from './star-catalog.js';
import { type Allocate, allocatePrivate, crc32 } from './star-file.js';

/*
 * A level of quads as a cache keeps it: a header of eight 32-bit words, then the arrays one after another, in the byte order of the machine
 * that wrote it, each from a multiple of eight bytes on. Made again from the stars at any time, so whatever does not fit is refused:
 * another version, other stars, another machine's byte order, a cut file.
 */
const MAGIC = 0x414a5131;
/** Changes with anything that changes quads or lists: sizes, choice, code, layout. */
const VERSION = 1;
const HEAD_WORDS = 8;

/** A cached level that cannot be used: it must be made again. */
export class LevelFileError extends Error {
  override readonly name = 'LevelFileError';
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

/** Packs a level that covers the whole sky. */
export function encodeLevel(catalog: StarCatalog, size_deg: number, level: QuadLevelData): Uint8Array {
  const layout = layoutOf(size_deg, level.count, level.bins);
  const bytes = new Uint8Array(layout.bytes);
  const head = [MAGIC, VERSION, fingerprintOf(catalog), Math.round(size_deg * 1000), level.count, level.bins];
  new Uint32Array(bytes.buffer, 0, HEAD_WORDS).set(head);
  for (const name of PARTS) {
    const part = level[name];
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), layout.starts[name]);
  }
  return bytes;
}

/**
 * Unpacks a level. Where the bytes begin at a multiple of eight in a buffer of their own, as those of a `SharedArrayBuffer` into which a file
 * was read, nothing is copied.
 * @throws LevelFileError when it is not a level of this size made by this version from these stars
 */
export function decodeLevel(
  catalog: StarCatalog,
  size_deg: number,
  bytes: Uint8Array,
  allocate: Allocate = allocatePrivate,
): QuadLevelData {
  if (bytes.byteOffset % 8 !== 0) {
    const copy = new Uint8Array(allocate(bytes.length));
    copy.set(bytes);
    return decodeLevel(catalog, size_deg, copy, allocate);
  }
  if (bytes.length < 4 * HEAD_WORDS) throw new LevelFileError('The cached level is cut off in its header');
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset, HEAD_WORDS);
  const expected = [MAGIC, VERSION, fingerprintOf(catalog), Math.round(size_deg * 1000)];
  if (expected.some((word, i) => head[i] !== word))
    throw new LevelFileError('The cached level is of another version, another size or other stars');
  const [count, bins] = [head[4]!, head[5]!];
  const layout = layoutOf(size_deg, count, bins);
  if (bins < 1 || bins > 64 || layout.bytes !== bytes.length)
    throw new LevelFileError(`The cached level has ${bytes.length} bytes instead of ${layout.bytes}`);
  const start = (name: Part) => bytes.byteOffset + layout.starts[name];
  const level: QuadLevelData = {
    size_rad: (size_deg * Math.PI) / 180,
    ...levelLimits(size_deg),
    count,
    bins,
    binStart: new Uint32Array(bytes.buffer, start('binStart'), layout.lengths.binStart),
    codes: new Uint16Array(bytes.buffer, start('codes'), layout.lengths.codes),
    stars: new Uint32Array(bytes.buffer, start('stars'), layout.lengths.stars),
    lists: new Float32Array(bytes.buffer, start('lists'), layout.lengths.lists),
    listCounts: new Uint8Array(bytes.buffer, start('listCounts'), layout.lengths.listCounts),
  };
  check(level, catalog.count);
  return level;
}

const PARTS = ['binStart', 'codes', 'stars', 'lists', 'listCounts'] as const;
type Part = (typeof PARTS)[number];
const ELEMENT_BYTES: Record<Part, number> = { binStart: 4, codes: 2, stars: 4, lists: 4, listCounts: 1 };

function layoutOf(size_deg: number, count: number, bins: number) {
  const cells = new SkyCells((LIST_CELL * size_deg * Math.PI) / 180).count;
  const lengths: Record<Part, number> = {
    binStart: bins ** 4 + 1,
    codes: 4 * count,
    stars: 4 * count,
    lists: 3 * LIST_LENGTH * cells,
    listCounts: cells,
  };
  const starts = { binStart: 0, codes: 0, stars: 0, lists: 0, listCounts: 0 };
  let bytes = 4 * HEAD_WORDS;
  for (const name of PARTS) {
    starts[name] = bytes;
    bytes += 8 * Math.ceil((lengths[name] * ELEMENT_BYTES[name]) / 8);
  }
  return { lengths, starts, bytes };
}

/** A search trusts these numbers: none may lead outside the arrays. */
function check({ binStart, stars, listCounts, count }: QuadLevelData, starCount: number): void {
  let isSound = binStart[0] === 0 && binStart.at(-1) === count;
  for (let i = 1; i < binStart.length; i++) if (binStart[i]! < binStart[i - 1]!) isSound = false;
  for (let i = 0; i < stars.length; i++) if (stars[i]! >= starCount) isSound = false;
  for (let i = 0; i < listCounts.length; i++) if (listCounts[i]! > LIST_LENGTH) isSound = false;
  if (!isSound) throw new LevelFileError('The cached level is damaged');
}
