// biome-ignore-all lint/style/noNonNullAssertion: indices stay below the counts that the header was checked for.

/*
 * The packaged stars, uncompressed: magic, version, number of stars N, number of declination bands B; the number of stars in each
 * band; then six planes of N bytes: the step in right ascension from the star before in the band (three bytes, lowest first), the
 * declination within the band (two bytes), the magnitude. Big-endian 32-bit numbers; stars of a band in order of right ascension.
 */
export const STAR_FILE_MAGIC = 0x414a5354;
export const STAR_FILE_VERSION = 1;
/** Bands of one degree. */
export const BANDS = 180;
/** Steps of declination in a band: half an arcsecond each. */
export const DEC_STEPS = 7200;
export const MAGNITUDE_ZERO = -1.6;
export const MAGNITUDE_STEP = 0.06;

const HEAD_BYTES = 16 + 4 * BANDS;
const PLANES = 6;
const RAD = Math.PI / 180;

export function bandOf(dec_deg: number): number {
  return Math.min(BANDS - 1, Math.max(0, Math.floor(dec_deg + 90)));
}

/** Steps of right ascension around the sky in a band: half an arcsecond each along its widest parallel. */
export function raStepsOf(band: number): number {
  const widest = band < BANDS / 2 ? band + 1 - 90 : band - 90;
  return Math.max(3600, Math.ceil(2 * 1_296_000 * Math.cos(widest * RAD)));
}

/** A star file that cannot be read. */
export class StarFileError extends Error {
  override readonly name = 'StarFileError';
}

/** Stars as columns, brightest first. */
export interface StarColumns {
  /** Unit vectors, J2000 (ICRS): x towards RA 0°, Dec 0°; z towards the north pole. Three numbers a star. */
  vectors: Float32Array;
  /** Tycho-2 VT, or V for the brightest stars, which Tycho-2 lacks. */
  magnitudes: Float32Array;
}

/** Memory for the columns; a `SharedArrayBuffer` lets threads share them. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

/**
 * The stars of a file, uncompressed.
 * @throws StarFileError when it is no star file, of another version, or cut off
 */
export function decodeStars(
  bytes: Uint8Array,
  allocate: Allocate = (size) => new ArrayBuffer(size),
): StarColumns {
  if (bytes.length < HEAD_BYTES) throw new StarFileError('The star file is cut off in its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== STAR_FILE_MAGIC) throw new StarFileError('This is no star file');
  const version = view.getUint32(4);
  if (version !== STAR_FILE_VERSION)
    throw new StarFileError(`The star file has version ${version}; this engine reads ${STAR_FILE_VERSION}`);
  const count = view.getUint32(8);
  if (view.getUint32(12) !== BANDS || bytes.length !== HEAD_BYTES + PLANES * count)
    throw new StarFileError(`The star file claims ${count} stars and has ${bytes.length} bytes`);

  const plane = (number: number) =>
    bytes.subarray(HEAD_BYTES + number * count, HEAD_BYTES + (number + 1) * count);
  const [gap0, gap1, gap2, dec0, dec1, magnitude] = [0, 1, 2, 3, 4, 5].map(plane) as Planes;
  const rank = ranksOf(magnitude);
  const vectors = new Float32Array(allocate(12 * count));
  const magnitudes = new Float32Array(allocate(4 * count));
  let at = 0;
  for (let band = 0; band < BANDS; band++) {
    const end = at + view.getUint32(16 + 4 * band);
    if (end > count) throw new StarFileError('The bands of the star file hold more stars than the file');
    const perStep = (2 * Math.PI) / raStepsOf(band);
    for (let ra = 0; at < end; at++) {
      ra += gap0[at]! | (gap1[at]! << 8) | (gap2[at]! << 16);
      const dec = (band - 90 + ((dec0[at]! | (dec1[at]! << 8)) + 0.5) / DEC_STEPS) * RAD;
      const cos = Math.cos(dec);
      const place = rank[at]!;
      vectors[3 * place] = cos * Math.cos(ra * perStep);
      vectors[3 * place + 1] = cos * Math.sin(ra * perStep);
      vectors[3 * place + 2] = Math.sin(dec);
      magnitudes[place] = MAGNITUDE_ZERO + MAGNITUDE_STEP * magnitude[at]!;
    }
  }
  if (at !== count) throw new StarFileError('The bands of the star file hold fewer stars than the file');
  return { vectors, magnitudes };
}

type Planes = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** Where each star stands when the brightest comes first; equally bright ones keep their order. */
function ranksOf(magnitude: Uint8Array): Uint32Array {
  const starts = new Uint32Array(257);
  for (let i = 0; i < magnitude.length; i++) starts[magnitude[i]! + 1]!++;
  for (let step = 0; step < 256; step++) starts[step + 1]! += starts[step]!;
  const ranks = new Uint32Array(magnitude.length);
  for (let i = 0; i < magnitude.length; i++) ranks[i] = starts[magnitude[i]!]!++;
  return ranks;
}
