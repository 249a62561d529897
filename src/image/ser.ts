// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { FitsCard } from '../fits/card.js';
import { FitsHeader } from '../fits/header.js';
import { AstroJobsError } from '../job/errors.js';
import { corruptImage, unsupportedImage } from './errors.js';
import { type ByteReader, withImageFile } from './file.js';
import type { GreyImage, MeasuredImage, OpenOptions } from './image.js';
import { BlockMean } from './shrink.js';

const HEADER_BYTES = 178;
const MAX_SIDE = 1 << 24;
/** Rows are read in pieces of about this many bytes. */
const PIECE_BYTES = 1 << 22;
/** Values that are looked at to tell the order of bytes. */
const SAMPLED_VALUES = 1 << 15;

/** Colours side by side, and patterns of a sensor's filters, by ColorID. */
const COLOURS = new Set([100, 101]);
const PATTERNS: Readonly<Record<number, string>> = {
  8: 'RGGB',
  9: 'GRBG',
  10: 'GBRG',
  11: 'BGGR',
  16: 'CYYM',
  17: 'YCMY',
  18: 'YMCY',
  19: 'MYYC',
};

/** DateTime counts tenths of microseconds from the year 1. */
const TICKS_PER_MS = 10_000n;
const MS_BEFORE_1970 = 62_135_596_800_000n;

interface Ser {
  width: number;
  height: number;
  frames: number;
  /** Values of a pixel that stand side by side. */
  samples: 1 | 3;
  sampleBytes: 1 | 2;
  bigEndian: boolean;
  /** Where the frame that is read begins. */
  frameAt: number;
  rowBytes: number;
}

/** @throws AstroJobsError `corrupt_image` */
async function readSer(file: ByteReader, head: Buffer, frame: number): Promise<Ser> {
  const [width, height, depth, frames] = [26, 30, 34, 38].map((at) => head.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const sides = [width, height];
  if (!sides.every((side) => side >= 1 && side <= MAX_SIDE) || depth < 1 || depth > 16)
    throw corruptImage(`its SER header claims ${width}×${height} pixels of ${depth} bits`);
  if (frames < 1)
    throw unsupportedImage('a SER video without frames', 'give one with frames, or one frame as PNG or FITS');
  if (frame < 1 || frame > frames)
    throw new AstroJobsError('unsupported_image', `SER: there is no frame ${frame}; it has ${frames}`);
  const samples = COLOURS.has(head.readInt32LE(18)) ? 3 : 1;
  const sampleBytes = depth > 8 ? 2 : 1;
  const rowBytes = width * samples * sampleBytes;
  const frameAt = HEADER_BYTES + (frame - 1) * rowBytes * height;
  if (frameAt + rowBytes * height > file.size)
    throw corruptImage(`frame ${frame} of its SER video is cut off`);
  const ser = { width, height, frames, samples, sampleBytes, bigEndian: false, frameAt, rowBytes } as const;
  if (sampleBytes === 1) return ser;
  // The flag says 1 for little-endian by its description, and 0 in what most programs write: the pixels know better.
  const middle = frameAt + rowBytes * Math.floor(height / 2);
  const bytes = await file.read(middle, Math.min(SAMPLED_VALUES * 2, frameAt + rowBytes * height - middle));
  return { ...ser, bigEndian: isBigEndian(bytes, samples, head.readInt32LE(22) !== 0) };
}

/** Whether neighbours are more alike when the first byte is the higher one; `missing` where there is no difference. */
function isBigEndian(bytes: Buffer, samples: number, missing: boolean): boolean {
  let [little, big] = [0, 0];
  for (let at = 0; at + 2 * samples + 2 <= bytes.length; at += 2) {
    little += Math.abs(bytes.readUInt16LE(at) - bytes.readUInt16LE(at + 2 * samples));
    big += Math.abs(bytes.readUInt16BE(at) - bytes.readUInt16BE(at + 2 * samples));
  }
  return little === big ? missing : big < little;
}

function text(head: Buffer, at: number): string | undefined {
  return (
    head
      .toString('latin1', at, at + 40)
      .replace(/\0.*$/s, '')
      .trim() || undefined
  );
}

function date(head: Buffer, at: number): string | undefined {
  const ticks = head.readBigInt64LE(at);
  const ms = Number(ticks / TICKS_PER_MS - MS_BEFORE_1970);
  // Date knows no others; what is no time of a picture is left out where dates are read.
  return ticks > 0n && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, -1) : undefined;
}

/** What the header says of the capture, as FITS keywords that mean the same. */
function keywords(head: Buffer): FitsHeader {
  const cards: [string, string | undefined, string][] = [
    ['OBSERVER', text(head, 42), 'Observer'],
    ['INSTRUME', text(head, 82), 'Instrument'],
    ['TELESCOP', text(head, 122), 'Telescope'],
    ['DATE-OBS', date(head, 170), 'DateTimeUTC'],
    ['DATE-LOC', date(head, 162), 'DateTime'],
    ['BAYERPAT', PATTERNS[head.readInt32LE(18)], 'ColorID'],
  ];
  return new FitsHeader(
    cards.flatMap(([keyword, value, field]): FitsCard[] =>
      value === undefined ? [] : [{ keyword, value, comment: '', origin: `SER ${field}` }],
    ),
  );
}

async function decodeSer(path: string, ser: Ser, shrink: number, signal?: AbortSignal): Promise<GreyImage> {
  const { width, height, samples, sampleBytes, bigEndian, frameAt, rowBytes } = ser;
  const type = sampleBytes === 2 ? Uint16Array : Uint8Array;
  const mean = new BlockMean({ width, height, shrink, type });
  const step = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
  return withImageFile(path, async (file) => {
    for (let row = 0; row < height; row += step) {
      signal?.throwIfAborted();
      const wanted = Math.min(step, height - row) * rowBytes;
      const bytes = await file.read(frameAt + row * rowBytes, wanted);
      if (bytes.length < wanted) throw corruptImage('it became shorter while it was read');
      const values = new Float64Array(wanted / sampleBytes / samples);
      // The bytes read are `samples` whole values for each of these.
      for (let i = 0, at = 0; i < values.length; i++) {
        for (let sample = 0; sample < samples; sample++, at += sampleBytes) {
          const value =
            sampleBytes === 1 ? bytes[at]! : bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
          values[i]! += value / samples;
        }
      }
      mean.add(values);
    }
    return mean.image();
  });
}

/**
 * One frame of a SER video, the first or the one that `extension` names.
 *
 * Source: SER format description version 3b, http://www.grischa-hahn.homepage.t-online.de/astro/ser/
 * @throws AstroJobsError `corrupt_image`, `unsupported_image`
 */
export async function measureSer(
  path: string,
  file: ByteReader,
  { extension = 1 }: Pick<OpenOptions, 'extension'>,
): Promise<MeasuredImage> {
  const head = await file.read(0, HEADER_BYTES);
  if (head.length < HEADER_BYTES) throw corruptImage('its SER header is cut off');
  const frame = typeof extension === 'number' ? extension : 1;
  const ser = await readSer(file, head, frame);
  return {
    width: ser.width,
    height: ser.height,
    rowOrder: 'top-down',
    exifOrientation: 1,
    fitsHeader: keywords(head),
    ...(ser.frames > 1 && { part: `frame ${frame} of ${ser.frames}` }),
    notes: [],
    decode: (shrink, signal) => decodeSer(path, ser, shrink, signal),
  };
}
