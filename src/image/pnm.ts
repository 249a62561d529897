// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { corruptImage } from './errors.js';
import { type ByteReader, withImageFile } from './file.js';
import type { GreyImage, MeasuredImage } from './image.js';
import { BlockMean } from './shrink.js';

const HEADER_BYTES = 4096;
const BAND_BYTES = 1 << 22;

/** The first picture of a netpbm file (P1 to P6), as its header describes it. */
interface Pnm {
  /** The digit of its magic number: 1–3 in text, 4–6 in bytes; bits, grey, colour. */
  format: 1 | 2 | 3 | 4 | 5 | 6;
  width: number;
  height: number;
  /** Value of full brightness; 1 for bits. */
  maximum: number;
  pixelsAt: number;
}

async function readPnm(file: ByteReader): Promise<Pnm> {
  const text = (await file.read(0, HEADER_BYTES)).toString('latin1');
  const format = Number(text[1]) as Pnm['format'];
  const fields = format === 1 || format === 4 ? 2 : 3;
  const numbers: number[] = [];
  const token = /\s*(?:#[^\n\r]*[\n\r]\s*)*(\d+)/y;
  token.lastIndex = 2;
  while (numbers.length < fields) {
    const found = token.exec(text);
    if (!found) throw corruptImage('its PNM header is cut off or holds no sizes');
    numbers.push(Number(found[1]));
  }
  const [width = 0, height = 0, maximum = 1] = numbers;
  if (maximum < 1 || maximum > 65535)
    throw corruptImage(`its PNM header claims a greatest value of ${maximum}`);
  // One white space ends the header of the binary kinds.
  return { format, width, height, maximum, pixelsAt: token.lastIndex + 1 };
}

const samplesPerPixel = ({ format }: Pnm) => (format === 3 || format === 6 ? 3 : 1);

function bytesPerRow(pnm: Pnm): number {
  if (pnm.format === 4) return Math.ceil(pnm.width / 8);
  if (pnm.format < 4) return pnm.width * samplesPerPixel(pnm) * 2;
  return pnm.width * samplesPerPixel(pnm) * (pnm.maximum > 255 ? 2 : 1);
}

/** `undefined` when the file may hold all the rows that its header claims (in text, at two bytes a value). */
function missingPnmData(pnm: Pnm, fileBytes: number): string | undefined {
  const bits = pnm.format === 1;
  const needed = pnm.pixelsAt + (bits ? pnm.width * pnm.height : bytesPerRow(pnm) * pnm.height);
  // The last value needs no white space behind it, and the first bit none before it.
  return fileBytes < needed - 1 ? `it ends after ${fileBytes} of ${needed} bytes` : undefined;
}

// Below, a band of bytes holds whole rows of `rowBytes`, and a row `samples` values: all indices are inside.

/** The samples of one row after the other. */
async function* binaryRows(file: ByteReader, pnm: Pnm): AsyncGenerator<ArrayLike<number>> {
  const { width, height, format, maximum, pixelsAt } = pnm;
  const rowBytes = bytesPerRow(pnm);
  const samples = width * samplesPerPixel(pnm);
  const row = new Uint16Array(samples);
  const band = Math.max(1, Math.floor(BAND_BYTES / rowBytes));
  for (let first = 0; first < height; first += band) {
    const rows = Math.min(band, height - first);
    const bytes = await file.read(pixelsAt + first * rowBytes, rows * rowBytes);
    if (bytes.length < rows * rowBytes) throw corruptImage('it became shorter while it was read');
    for (let at = 0; at < bytes.length; at += rowBytes) {
      if (format === 4)
        for (let x = 0; x < width; x++) row[x] = 1 - ((bytes[at + (x >> 3)]! >> (7 - (x & 7))) & 1);
      else if (maximum > 255) for (let i = 0; i < samples; i++) row[i] = bytes.readUInt16BE(at + 2 * i);
      else for (let i = 0; i < samples; i++) row[i] = bytes[at + i]!;
      yield row;
    }
  }
}

const DIGIT_0 = 48;
const HASH = 35;
const NEWLINE = 10;

async function* textRows(file: ByteReader, pnm: Pnm): AsyncGenerator<ArrayLike<number>> {
  const samples = pnm.width * samplesPerPixel(pnm);
  const row = new Uint16Array(samples);
  const bits = pnm.format === 1;
  let filled = 0;
  let rows = 0;
  let value = -1;
  let comment = false;
  for (let at = pnm.pixelsAt - 1; rows < pnm.height; at += BAND_BYTES) {
    const bytes = await file.read(at, BAND_BYTES);
    const ended = bytes.length < BAND_BYTES;
    for (let i = 0; i <= bytes.length && rows < pnm.height; i++) {
      if (i === bytes.length && !ended) break;
      const byte = bytes[i] ?? NEWLINE;
      if (comment) {
        comment = byte !== NEWLINE;
        continue;
      }
      const digit = byte - DIGIT_0;
      const isDigit = digit >= 0 && digit <= 9;
      // Bits may stand without white space between them.
      if (isDigit && !bits) {
        value = Math.max(value, 0) * 10 + digit;
        if (value <= 65535) continue;
        throw corruptImage('a PNM value is too large');
      }
      if (isDigit) value = 1 - Math.min(1, digit);
      comment = byte === HASH;
      if (value < 0) continue;
      row[filled++] = value;
      value = -1;
      if (filled < samples) continue;
      yield row;
      filled = 0;
      rows++;
    }
    if (ended && rows < pnm.height) throw corruptImage(`it ends after ${rows} of ${pnm.height} rows`);
  }
}

/**
 * 8-bit data stay 8-bit, everything with more stays 16-bit, bits become 0 and 255.
 * @throws AstroJobsError `corrupt_image`
 */
async function decodePnm(
  file: ByteReader,
  pnm: Pnm,
  shrink: number,
  signal?: AbortSignal,
): Promise<GreyImage> {
  const missing = missingPnmData(pnm, file.size);
  if (missing) throw corruptImage(missing);
  const wide = pnm.maximum > 255;
  const full = wide ? 65535 : 255;
  const mean = new BlockMean({
    width: pnm.width,
    height: pnm.height,
    shrink,
    type: wide ? Uint16Array : Uint8Array,
  });
  const grey = new Float64Array(pnm.width);
  const colour = samplesPerPixel(pnm) === 3;
  for await (const row of pnm.format < 4 ? textRows(file, pnm) : binaryRows(file, pnm)) {
    signal?.throwIfAborted();
    for (let x = 0; x < pnm.width; x++) {
      // Rec. 601 luma, as netpbm's ppmtopgm reckons it.
      const value = colour
        ? 0.299 * row[3 * x]! + 0.587 * row[3 * x + 1]! + 0.114 * row[3 * x + 2]!
        : row[x]!;
      grey[x] = (Math.min(value, pnm.maximum) * full) / pnm.maximum;
    }
    mean.add(grey);
  }
  return mean.image();
}

/** @throws AstroJobsError `corrupt_image` */
export async function measurePnm(path: string, file: ByteReader): Promise<MeasuredImage> {
  const pnm = await readPnm(file);
  const missing = missingPnmData(pnm, file.size);
  if (missing) throw corruptImage(missing);
  return {
    width: pnm.width,
    height: pnm.height,
    rowOrder: 'top-down',
    exifOrientation: 1,
    notes: [],
    decode: (shrink, signal) => withImageFile(path, (again) => decodePnm(again, pnm, shrink, signal)),
  };
}
