import { AstroJobsError } from '../job/errors.js';
import type { ByteSource } from './byte-source.js';
import { CARD_BYTES } from './card.js';
import { type FitsHeader, MAX_CARDS, parseHeader } from './header.js';
import { openSource, type SourceOptions } from './source.js';

/** FITS files are made of blocks of this many bytes. */
export const BLOCK_BYTES = 2880;

/** No real picture stands behind more units than this. */
const MAX_HDUS = 1000;
const MAX_AXES = 999;
const MAX_HEADER_BYTES = MAX_CARDS * CARD_BYTES;
const HEADER_PIECE_BYTES = 4 * BLOCK_BYTES;

/** One header and data unit, where its data are, and how long they claim to be. */
export interface FitsHdu {
  index: number;
  /** `XTENSION`, or `PRIMARY`. */
  type: string;
  header: FitsHeader;
  /** Bytes from the start of the (expanded) file. */
  dataOffset: number;
  /** As claimed by the header; `requireData` checks it against the file. */
  dataBytes: number;
  /** |BITPIX|/8. */
  bytesPerValue: number;
  /** NAXIS1, NAXIS2, … */
  axes: number[];
}

/** A FITS file whose units are read as they are asked for. */
export interface FitsFile {
  /** Whether any place can be read without reading all before it; not so in a compressed file. */
  readonly seekable: boolean;
  /** The units in order; ends before anything that is no unit. */
  hdus(): AsyncGenerator<FitsHdu>;
  /**
   * To be asked before memory is taken for a unit's data.
   * @throws AstroJobsError `corrupt_image` when the file is too short for them, `image_too_large` when it is a compressed
   *   file and they are beyond its limit.
   */
  requireData(hdu: FitsHdu): void;
  /**
   * Fills `target` with a part of a unit's data.
   * @throws AstroJobsError `corrupt_image` when the file ends before.
   */
  readData(hdu: FitsHdu, target: Uint8Array, offset: number): Promise<void>;
  close(): Promise<void>;
}

function corrupt(message: string): AstroJobsError {
  return new AstroJobsError('corrupt_image', `FITS: ${message}`);
}

/** An integer that a header must state, within bounds. */
export function integerCard(
  header: FitsHeader,
  keyword: string,
  low: number,
  high: number,
  missing?: number,
): number {
  const value = header.get(keyword) === undefined ? missing : header.get(keyword);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    throw corrupt(
      `${keyword} is ${value === undefined ? 'missing' : JSON.stringify(value)}, not a whole number from ${low} to ${high}`,
    );
  }
  return value;
}

/** The types of value that FITS knows. */
export function isBitpix(value: number): boolean {
  return [8, 16, 32, 64, -32, -64].includes(value);
}

function describe(header: FitsHeader, index: number, dataOffset: number): FitsHdu {
  const bitpix = integerCard(header, 'BITPIX', -64, 64);
  if (!isBitpix(bitpix)) throw corrupt(`BITPIX is ${bitpix}`);
  const naxis = integerCard(header, 'NAXIS', 0, MAX_AXES);
  const axes = Array.from({ length: naxis }, (_, i) =>
    integerCard(header, `NAXIS${i + 1}`, 0, Number.MAX_SAFE_INTEGER),
  );
  const bytesPerValue = Math.abs(bitpix) / 8;
  // Random groups put a zero in the first place that stands for no axis at all.
  const factors = header.boolean('GROUPS') && axes[0] === 0 ? axes.slice(1) : axes;
  const values = naxis === 0 ? 0 : factors.reduce((product, axis) => product * axis, 1);
  const groups = integerCard(header, 'GCOUNT', 0, Number.MAX_SAFE_INTEGER, 1);
  const heap = integerCard(header, 'PCOUNT', 0, Number.MAX_SAFE_INTEGER, 0);
  const dataBytes = naxis === 0 ? 0 : bytesPerValue * groups * (heap + values);
  if (!Number.isSafeInteger(dataBytes)) throw corrupt(`unit ${index} claims ${dataBytes} bytes of data`);
  const type = index === 0 ? 'PRIMARY' : (header.string('XTENSION') ?? '');
  return { index, type, header, dataOffset, dataBytes, bytesPerValue, axes };
}

/** Where the END card of a header ends, counted from its start; undefined when it is not in these bytes. */
function endOfHeader(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at + CARD_BYTES <= bytes.length; at += CARD_BYTES) {
    const isEnd = bytes[at] === 0x45 && /^END[ \0]*$/.test(bytes.toString('latin1', at, at + CARD_BYTES));
    if (isEnd) return at + CARD_BYTES;
  }
  return undefined;
}

async function readHeader(
  source: ByteSource,
  offset: number,
): Promise<{ header: FitsHeader; bytes: number }> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < MAX_HEADER_BYTES) {
    const piece = Buffer.alloc(HEADER_PIECE_BYTES);
    const filled = await source.read(piece, offset + bytes.length);
    const searched = bytes.length;
    bytes = Buffer.concat([bytes, piece.subarray(0, filled)]);
    const end = endOfHeader(bytes, searched);
    if (end !== undefined) return { header: parseHeader(bytes.subarray(0, end)), bytes: end };
    if (filled < piece.length) throw corrupt('the file ends inside a header');
  }
  throw corrupt(`a header goes on for more than ${MAX_CARDS} cards`);
}

async function startsWith(source: ByteSource, offset: number, keyword: string): Promise<boolean> {
  const head = Buffer.alloc(keyword.length);
  return (await source.read(head, offset)) === head.length && head.toString('latin1') === keyword;
}

function noFits({ compression }: ByteSource): AstroJobsError {
  // A gzip file shows what is in it in its first bytes: others, which do not, come here without having been looked into.
  if (compression === undefined || compression === 'gzip')
    return corrupt('the file does not begin with SIMPLE');
  return new AstroJobsError(
    'unsupported_image',
    `The file is a ${compression}-compressed file that is no FITS, which cannot be read here: decompress it first`,
  );
}

const padded = (bytes: number) => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/**
 * Opens a FITS file, plain or in gzip, bzip2 or Zstandard, by path or from memory. Nothing that a header claims is believed: sizes are checked
 * against the file before anything is read or allocated.
 * @throws AstroJobsError `corrupt_image` for anything that does not begin as FITS, `unsupported_image` where that is compressed; `image_too_large` while reading a gzip
 *   file that expands beyond the limit.
 */
export async function openFits(input: string | Uint8Array, options: SourceOptions = {}): Promise<FitsFile> {
  const source = await openSource(input, options);
  try {
    if (!(await startsWith(source, 0, 'SIMPLE  ='))) throw noFits(source);
  } catch (error) {
    await source.close();
    throw error;
  }
  return {
    seekable: source.size !== undefined,
    async *hdus() {
      let offset = 0;
      for (let index = 0; index < MAX_HDUS; index++) {
        if (index > 0 && !(await startsWith(source, offset, 'XTENSION'))) return;
        const { header, bytes } = await readHeader(source, offset);
        const hdu = describe(header, index, offset + padded(bytes));
        yield hdu;
        offset = hdu.dataOffset + padded(hdu.dataBytes);
        if (source.size !== undefined && offset >= source.size) return;
      }
    },
    requireData: (hdu) => source.require(hdu.dataOffset + hdu.dataBytes),
    async readData(hdu, target, offset) {
      const start = hdu.dataOffset + offset;
      const inside = offset >= 0 && offset + target.byteLength <= hdu.dataBytes;
      if (inside && (await source.read(target, start)) === target.byteLength) return;
      throw corrupt(`the data of unit ${hdu.index} are cut off`);
    },
    close: () => source.close(),
  };
}
