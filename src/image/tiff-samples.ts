import { inflateSync } from 'node:zlib';
import type { AstroJobsError } from '../job/errors.js';
import { corruptImage, unsupportedImage } from './errors.js';
import { withImageFile } from './file.js';
import type { GreyImage } from './image.js';
import { BlockMean } from './shrink.js';
import { Tiff } from './tiff.js';
import type { TiffPage } from './tiff-pages.js';

// Samples that the decoder of all other TIFF files gets wrong: half floats, 64-bit floats and signed 16-bit integers.

const STRIP_OFFSETS = 273;
const ROWS_PER_STRIP = 278;
const STRIP_BYTES = 279;
const PLANAR_CONFIGURATION = 284;
const TILE_WIDTH = 322;
const NONE = 1;
const DEFLATE = new Set([8, 32_946]);
const MAX_STRIPS = 1 << 20;
const ADVICE = 'save it as 16-bit unsigned or 32-bit floating-point TIFF, or as FITS';

type Sample = (bytes: DataView, at: number, little: boolean) => number;

/** IEEE 754 binary16. */
function halfFloat(bytes: DataView, at: number, little: boolean): number {
  const bits = bytes.getUint16(at, little);
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** By sample format and bits. */
const OWN_SAMPLES: Readonly<Record<string, Sample>> = {
  '3/16': halfFloat,
  '3/64': (bytes, at, little) => bytes.getFloat64(at, little),
  '2/16': (bytes, at, little) => bytes.getInt16(at, little),
};

const FORMAT_NAMES: Readonly<Record<number, string>> = {
  1: 'unsigned integers',
  2: 'signed integers',
  3: 'floating-point numbers',
  5: 'complex integers',
  6: 'complex numbers',
};

/** For messages: `half floats`, `64-bit complex numbers`. */
function sampleName({ sampleFormat, bits }: TiffPage): string {
  if (sampleFormat === 3 && bits === 16) return 'half floats';
  return `${bits}-bit ${FORMAT_NAMES[sampleFormat] ?? 'samples of an unknown format'}`;
}

const DECODED_BITS: Readonly<Record<number, readonly number[]>> = {
  1: [1, 2, 4, 8, 16, 32],
  2: [8, 32],
  3: [32],
};
/** White is zero, black is zero, RGB, palette, CMYK, YCbCr. */
const DECODED_PHOTOMETRICS = new Set([0, 1, 2, 3, 5, 6]);
const PHOTOMETRIC_NAMES: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  8: 'colours of CIE L*a*b*',
  9: 'colours of ICC L*a*b*',
  10: 'colours of ITU L*a*b*',
  32803: 'raw data of a colour filter array (CFA)',
  32844: 'colours of LogL',
  32845: 'colours of LogLuv',
  34892: 'linear raw data',
};

/** Whether the samples of a page are decoded here. */
export function hasOwnSamples({ sampleFormat, bits }: TiffPage): boolean {
  return OWN_SAMPLES[`${sampleFormat}/${bits}`] !== undefined;
}

/** Why a page cannot be read, by the name of what it holds; `undefined` for one that can. */
export function refusalOf(page: TiffPage): AstroJobsError | undefined {
  const photometric = PHOTOMETRIC_NAMES[page.photometric];
  if (photometric !== undefined && !DECODED_PHOTOMETRICS.has(page.photometric)) {
    return unsupportedImage(`a TIFF of ${photometric}`, ADVICE);
  }
  if (hasOwnSamples(page)) {
    const stored = page.compression === NONE || DEFLATE.has(page.compression);
    const plain = stored && page.predictor === 1 && !page.directory.entries.has(TILE_WIDTH);
    return plain ? undefined : unsupportedImage(`a compressed TIFF of ${sampleName(page)}`, ADVICE);
  }
  const known = DECODED_BITS[page.sampleFormat]?.includes(page.bits);
  return known ? undefined : unsupportedImage(`a TIFF of ${sampleName(page)}`, ADVICE);
}

/**
 * Decodes such a page to one plane; of several samples a pixel, the mean.
 * @throws AstroJobsError `corrupt_image` when strips are missing or cut off.
 */
export async function decodeSamples(
  path: string,
  page: TiffPage,
  shrink: number,
  signal?: AbortSignal,
): Promise<GreyImage> {
  const sample = OWN_SAMPLES[`${page.sampleFormat}/${page.bits}`];
  if (!sample) throw unsupportedImage(`a TIFF of ${sampleName(page)}`, ADVICE);
  return withImageFile(path, async (file) => {
    const tiff = await Tiff.open(file);
    if (!tiff) throw corruptImage('its TIFF header is cut off');
    const { entries } = page.directory;
    const [planar = 1] = await tiff.uints(entries.get(PLANAR_CONFIGURATION), 1);
    const [rowsPerStrip = page.height] = await tiff.uints(entries.get(ROWS_PER_STRIP), 1);
    const offsets = await tiff.uints(entries.get(STRIP_OFFSETS), MAX_STRIPS);
    const lengths = await tiff.uints(entries.get(STRIP_BYTES), MAX_STRIPS);
    // Planes that follow one another: the first one is enough.
    const perPixel = planar === 2 ? 1 : page.samples;
    const rowBytes = (page.width * perPixel * page.bits) / 8;
    const mean = new BlockMean({ width: page.width, height: page.height, shrink, type: Float32Array });
    const step = Math.max(1, Math.min(rowsPerStrip, page.height));
    for (let row = 0, strip = 0; row < page.height; row += step, strip++) {
      signal?.throwIfAborted();
      const [offset, length] = [offsets[strip], lengths[strip]];
      const wanted = Math.min(step, page.height - row) * rowBytes;
      if (offset === undefined || length === undefined) throw corruptImage('strips of its TIFF are missing');
      const stored = await file.read(offset, length);
      const bytes = DEFLATE.has(page.compression) ? inflate(stored, wanted) : stored;
      if (bytes.length < wanted) throw corruptImage('a strip of its TIFF is cut off');
      mean.add(
        brightness(bytes, wanted, page.bits / 8, perPixel, (view, at) => sample(view, at, !tiff.bigEndian)),
      );
    }
    return mean.image();
  });
}

function inflate(bytes: Buffer, wanted: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, wanted) });
  } catch (thrown) {
    throw corruptImage('a compressed strip of its TIFF is damaged', thrown);
  }
}

function brightness(
  bytes: Buffer,
  length: number,
  size: number,
  perPixel: number,
  sample: (view: DataView, at: number) => number,
): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(length / size / perPixel);
  for (let i = 0, at = 0; i < values.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < perPixel; channel++, at += size) sum += sample(view, at);
    const mean = sum / perPixel;
    values[i] = Number.isFinite(mean) ? mean : Number.NaN;
  }
  return values;
}
