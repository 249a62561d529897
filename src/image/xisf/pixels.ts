// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { corruptImage } from '../errors.js';
import { withImageFile } from '../file.js';
import type { GreyImage } from '../image.js';
import { BlockMean } from '../shrink.js';
import { openBlock } from './block.js';
import type { SampleFormat, XisfImage } from './geometry.js';

/** Rows are read in pieces of about this many bytes. */
const PIECE_BYTES = 1 << 22;

const SAMPLES: Readonly<Record<SampleFormat, (bytes: ArrayBuffer) => ArrayLike<number>>> = {
  UInt8: (bytes) => new Uint8Array(bytes),
  UInt16: (bytes) => new Uint16Array(bytes),
  UInt32: (bytes) => new Uint32Array(bytes),
  UInt64: (bytes) => Array.from(new BigUint64Array(bytes), Number),
  Float32: (bytes) => new Float32Array(bytes),
  Float64: (bytes) => new Float64Array(bytes),
};

/** The samples in these bytes, which are those of a little-endian machine then. */
function samplesOf({ format, sampleBytes, littleEndian }: XisfImage, bytes: Buffer): ArrayLike<number> {
  const aligned = Buffer.from(new ArrayBuffer(bytes.length));
  bytes.copy(aligned);
  if (!littleEndian && sampleBytes === 2) aligned.swap16();
  if (!littleEndian && sampleBytes === 4) aligned.swap32();
  if (!littleEndian && sampleBytes === 8) aligned.swap64();
  return SAMPLES[format](aligned.buffer);
}

/** The mean of the colours of pixels whose channels stand side by side. */
function meanOfColours(samples: ArrayLike<number>, channels: number, colours: number): Float32Array {
  const grey = new Float32Array(samples.length / channels);
  // `samples` holds whole pixels, and these at least as many channels as colours.
  for (let i = 0, at = 0; i < grey.length; i++, at += channels) {
    let sum = 0;
    for (let colour = 0; colour < colours; colour++) sum += samples[at + colour]!;
    grey[i] = sum / colours;
  }
  return grey;
}

/** What is no number becomes the mark of a pixel without a value. */
function withoutInfinities(samples: ArrayLike<number>): ArrayLike<number> {
  return Float32Array.from(samples, (value) => (Number.isFinite(value) ? value : Number.NaN));
}

/**
 * Decodes to one plane, the mean of the colours. Beside the result, only a few rows are held of a picture that is not compressed,
 * and the expanded bytes of one that is.
 * @throws AstroJobsError `corrupt_image`, `image_too_large`; `signal.reason` when ended.
 */
export async function decodeXisf(
  path: string,
  image: XisfImage,
  maxBytes: number,
  shrink: number,
  signal?: AbortSignal,
): Promise<GreyImage> {
  const { width, height, channels, colours, format, sampleBytes, interleaved, block } = image;
  const perPixel = interleaved ? channels : 1;
  const planes = interleaved ? 1 : colours;
  const exact = shrink === 1 && colours === 1 ? format : undefined;
  const type = exact === 'UInt8' ? Uint8Array : exact === 'UInt16' ? Uint16Array : Float32Array;
  const mean = new BlockMean({ width, height, shrink, planes, type });
  const rowBytes = width * perPixel * sampleBytes;
  const step = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
  return withImageFile(path, async (file) => {
    const read = await openBlock(file, block, maxBytes, signal);
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < height; row += step) {
        signal?.throwIfAborted();
        const wanted = Math.min(step, height - row) * rowBytes;
        const bytes = await read((plane * height + row) * rowBytes, wanted);
        if (bytes.length < wanted) throw corruptImage('it became shorter while it was read');
        const samples = samplesOf(image, bytes);
        const grey = perPixel > 1 ? meanOfColours(samples, channels, colours) : samples;
        mean.add(format.startsWith('Float') ? withoutInfinities(grey) : grey);
      }
    }
    return mean.image();
  });
}
