// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../wcs/sphere.js';

/*
 * The packaged star file: stars in bands of declination, in each by right ascension, bit-packed.
 *
 *   0  8 bytes   magic
 *   8  u32       version
 *  12  u32       CRC-32 of everything after it
 *  16  u32       number of stars
 *  20  u8 × 3    Rice parameter of the magnitudes; 0; 0 · u8 0
 *  24  per band (180): u32 number of stars · u8 Rice parameter of its gaps
 * 924  bits, most significant first: for each star the gap in right ascension from the star before in the band (Rice code),
 *      12 bits of declination, and how much brighter than the faintest step it is (Rice code)
 *
 * Numbers are little-endian. A Rice code with parameter k is the value's upper bits in unary (ones, then a zero), then its k lower bits.
 */
export const STAR_FILE_MAGIC = 'AJ STARS';
export const STAR_FILE_VERSION = 1;
export const BANDS = 180;
export const HEAD_BYTES = 24 + 5 * BANDS;
/** Where the bytes begin that the checksum is of. */
export const CHECKED_FROM = 16;
/** Steps of declination in a band of one degree: one arcsecond each. */
export const DEC_STEPS = 3600;
export const DEC_BITS = 12;
/** Magnitudes are whole steps; step 0 is `FAINTEST`. */
export const MAGNITUDE_STEPS_PER_MAG = 16;
export const FAINTEST = 14;
export const MAX_MAGNITUDE_STEP = 255;
/** More ones in a row than any gap or magnitude needs. */
const MAX_UNARY = 4096;

/** A file that is no star file, or a damaged one. */
export class StarFileError extends Error {
  /** The name of the class. */
  override readonly name = 'StarFileError';
}

/** Stars, brightest first; a star's number is its place in these columns. */
export interface StarColumns {
  /** How many stars there are. */
  readonly count: number;
  /** Unit vectors x, y, z (J2000), one star after another. */
  readonly vectors: Float32Array;
  /** Tycho-2 VT, or V of the bright stars that Tycho-2 lacks. */
  readonly magnitudes: Float32Array;
}

/** Gives the memory of large arrays: an `ArrayBuffer`, or a `SharedArrayBuffer` that several workers see. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

export const allocatePrivate: Allocate = (bytes) => new ArrayBuffer(bytes);

/** Steps of right ascension in a band, none longer than an arcsecond. */
export function raStepsOf(band: number): number {
  const nearestToEquator = Math.max(0, Math.min(Math.abs(band - 90), Math.abs(band - 89)));
  return Math.ceil(1_296_000 * Math.cos(nearestToEquator * RAD));
}

/**
 * Unpacks a star file.
 * @param allocate gives the memory of the columns
 * @throws StarFileError for what is no star file, another version, cut off or damaged
 */
export function decodeStars(bytes: Uint8Array, allocate: Allocate = allocatePrivate): StarColumns {
  const view = checked(bytes);
  const count = view.getUint32(16, true);
  const magnitudeBits = view.getUint8(20);
  // Every star has at least its declination and two ends of unary numbers.
  if (magnitudeBits > 8 || count * (DEC_BITS + 2) > 8 * (bytes.length - HEAD_BYTES))
    throw damaged('its counts');
  const [ra, dec] = [new Float64Array(count), new Float64Array(count)];
  const steps = new Uint8Array(count);
  const bits = new BitReader(bytes, HEAD_BYTES);
  let at = 0;
  for (let band = 0; band < BANDS; band++) {
    const end = at + view.getUint32(24 + 5 * band, true);
    const gapBits = view.getUint8(28 + 5 * band);
    if (end > count || gapBits > 21) throw damaged(`band ${band}`);
    const perStep = (2 * Math.PI) / raStepsOf(band);
    for (let step = 0; at < end; at++) {
      step += bits.rice(gapBits);
      ra[at] = step * perStep;
      dec[at] = (band - 90 + (bits.take(DEC_BITS) + 0.5) / DEC_STEPS) * RAD;
      steps[at] = MAX_MAGNITUDE_STEP - Math.min(MAX_MAGNITUDE_STEP, bits.rice(magnitudeBits));
    }
  }
  if (at !== count) throw damaged('its bands hold fewer stars than it claims');
  return inOrderOfBrightness(ra, dec, steps, allocate);
}

/** So many bytes of a star file's beginning tell it from others. */
export const STAR_FILE_HEAD_BYTES = 20;

/**
 * What a star file says of itself; it is compared with the contents when they are unpacked.
 * @param head at least the first `STAR_FILE_HEAD_BYTES` of the file
 * @throws StarFileError for what is no star file
 */
export function starFileHead(head: Uint8Array): { checksum: number; count: number } {
  if (head.length < STAR_FILE_HEAD_BYTES || !isStarFile(head)) throw notAStarFile();
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return { checksum: view.getUint32(12, true), count: view.getUint32(16, true) };
}

function isStarFile(bytes: Uint8Array): boolean {
  return [...STAR_FILE_MAGIC].every((char, i) => bytes[i] === char.charCodeAt(0));
}

function notAStarFile(): StarFileError {
  return new StarFileError('Expected a star file of Astro Jobs, which begins with "AJ STARS"');
}

function checked(bytes: Uint8Array): DataView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isStarFile(bytes)) throw notAStarFile();
  if (bytes.length < HEAD_BYTES) throw damaged('it is cut off in its header');
  const version = view.getUint32(8, true);
  if (version !== STAR_FILE_VERSION)
    throw new StarFileError(`The star file has version ${version}; this engine reads ${STAR_FILE_VERSION}`);
  if (view.getUint32(12, true) !== crc32(bytes.subarray(CHECKED_FROM))) throw damaged('its checksum differs');
  return view;
}

function damaged(what: string): StarFileError {
  return new StarFileError(`The star file is damaged or cut off: ${what}`);
}

/** Sorts by magnitude; equally bright stars keep the order of the file. */
function inOrderOfBrightness(
  ra: Float64Array,
  dec: Float64Array,
  steps: Uint8Array,
  allocate: Allocate,
): StarColumns {
  const count = steps.length;
  const next = new Uint32Array(MAX_MAGNITUDE_STEP + 2);
  for (let i = 0; i < count; i++) next[steps[i]! + 1]!++;
  for (let step = 0; step <= MAX_MAGNITUDE_STEP; step++) next[step + 1]! += next[step]!;
  const vectors = new Float32Array(allocate(12 * count));
  const magnitudes = new Float32Array(allocate(4 * count));
  for (let i = 0; i < count; i++) {
    const place = next[steps[i]!]!++;
    const cosDec = Math.cos(dec[i]!);
    vectors[3 * place] = cosDec * Math.cos(ra[i]!);
    vectors[3 * place + 1] = cosDec * Math.sin(ra[i]!);
    vectors[3 * place + 2] = Math.sin(dec[i]!);
    magnitudes[place] = FAINTEST - (MAX_MAGNITUDE_STEP - steps[i]!) / MAGNITUDE_STEPS_PER_MAG;
  }
  return { count, vectors, magnitudes };
}

class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #bits = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The next `count` bits, at most 24. */
  take(count: number): number {
    while (this.#bits < count) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw damaged('it ends within a star');
      this.#held = ((this.#held & 0xffffff) << 8) | byte;
      this.#bits += 8;
    }
    this.#bits -= count;
    return (this.#held >>> this.#bits) & ((1 << count) - 1);
  }

  rice(parameter: number): number {
    let upper = 0;
    while (this.take(1) === 1) if (++upper > MAX_UNARY) throw damaged('a number is too large');
    return (upper << parameter) | this.take(parameter);
  }
}

let crcTable: Uint32Array | undefined;

/** CRC-32 (ISO 3309), as gzip and PNG have it. */
export function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, value) => {
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}
