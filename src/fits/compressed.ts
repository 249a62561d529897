// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AstroJobsError } from '../job/errors.js';
import { type BinaryColumn, binaryColumns, readCell, readDescriptor } from './columns.js';
import { dequantize, type Quantization } from './dither.js';
import { hcompressDecode } from './hcompress.js';
import { type FitsFile, type FitsHdu, integerCard, isBitpix } from './hdu.js';
import type { FitsHeader } from './header.js';
import { pixelDecoder, type RowReader, rawValues, toPhysical } from './pixels.js';
import { plioDecode } from './plio.js';
import { riceDecode } from './rice.js';

const expand = promisify(gunzip);

/** The list of tiles is read whole; no honest one is longer. */
const MAX_DESCRIPTOR_BYTES = 1 << 28;
/** The heap is read in pieces of at least this size. */
const WINDOW_BYTES = 1 << 22;
/** What a quantized image has in place of NaN when the header does not say. */
const DEFAULT_NULL = -2147483647;
const METHODS = ['NO_DITHER', 'SUBTRACTIVE_DITHER_1', 'SUBTRACTIVE_DITHER_2'] as const;

function corrupt(message: string): AstroJobsError {
  return new AstroJobsError('corrupt_image', `FITS: ${message}`);
}

/** Reads from a unit's data through a window that moves forward, since tiles are small and lie in order. */
function windowed(file: FitsFile, hdu: FitsHdu): (offset: number, length: number) => Promise<Buffer> {
  let [window, start] = [Buffer.alloc(0), 0];
  return async (offset, length) => {
    if (offset < 0 || offset + length > hdu.dataBytes) throw corrupt('a tile lies outside the data');
    if (offset < start || offset + length > start + window.length) {
      window = Buffer.alloc(Math.min(Math.max(length, WINDOW_BYTES), hdu.dataBytes - offset));
      start = offset;
      await file.readData(hdu, window, offset);
    }
    return window.subarray(offset - start, offset - start + length);
  };
}

/** A parameter of the compression: `ZNAMEi` = name, `ZVALi` = value. */
function parameter(header: FitsHeader, name: string, missing: number): number {
  for (let i = 1; header.has(`ZNAME${i}`); i++) {
    if (header.string(`ZNAME${i}`) === name) return header.number(`ZVAL${i}`) ?? missing;
  }
  return missing;
}

/** Bytes that were sorted by significance, put back together. */
function unshuffle(bytes: Buffer, pixels: number): Buffer {
  const size = bytes.length / pixels;
  const out = Buffer.allocUnsafeSlow(bytes.length);
  // j < size and i < pixels: inside their product, the length.
  for (let i = 0; i < pixels; i++) for (let j = 0; j < size; j++) out[i * size + j] = bytes[j * pixels + i]!;
  return out;
}

async function gunzipTile(bytes: Uint8Array, pixels: number): Promise<Buffer> {
  try {
    return await expand(bytes, { maxOutputLength: 8 * pixels });
  } catch (error) {
    throw new AstroJobsError('corrupt_image', 'FITS: a gzip tile is damaged', { cause: error });
  }
}

/** Big-endian values; how wide they are, their number tells. */
function plainValues(bytes: Buffer, pixels: number, float: boolean): ArrayLike<number> {
  const size = bytes.length / pixels;
  if (![1, 2, 4, 8].includes(size)) throw corrupt('a tile does not hold the pixels that it should');
  const raw = rawValues(
    Buffer.from(Uint8Array.from(bytes).buffer),
    float && size >= 4 ? -8 * size : 8 * size,
  );
  return raw instanceof BigInt64Array ? Float64Array.from(raw, Number) : raw;
}

async function decodeTile(
  codec: string,
  header: FitsHeader,
  bytes: Buffer,
  pixels: number,
  float: boolean,
): Promise<ArrayLike<number>> {
  switch (codec) {
    case 'RICE_1':
    case 'RICE_ONE':
      return riceDecode(bytes, pixels, parameter(header, 'BYTEPIX', 4), parameter(header, 'BLOCKSIZE', 32));
    case 'GZIP_1':
      return plainValues(await gunzipTile(bytes, pixels), pixels, float);
    case 'GZIP_2':
      return plainValues(unshuffle(await gunzipTile(bytes, pixels), pixels), pixels, float);
    case 'NOCOMPRESS':
      return plainValues(bytes, pixels, float);
    case 'PLIO_1':
      return plioDecode(bytes, pixels);
    case 'HCOMPRESS_1':
      return hcompressDecode(bytes, pixels);
    default:
      throw new AstroJobsError(
        'unsupported_image',
        `FITS: tile compression ${JSON.stringify(codec)} is not known; expand the file with funpack first`,
      );
  }
}

/** Where each tile's data may stand, in the order in which they are looked for. */
function dataColumns(
  columns: Map<string, BinaryColumn>,
  codec: string,
): { column: BinaryColumn; codec: string }[] {
  const names: [column: string, codec: string][] = [
    ['COMPRESSED_DATA', codec],
    ['GZIP_COMPRESSED_DATA', 'GZIP_1'],
    ['UNCOMPRESSED_DATA', 'NOCOMPRESS'],
  ];
  return names.flatMap(([name, itsCodec]) => {
    const column = columns.get(name);
    return column ? [{ column, codec: itsCodec }] : [];
  });
}

/**
 * Reads rows of a tile-compressed image (FITS 4.0, section 10): a row of tiles at a time, which is all that is held.
 * @throws AstroJobsError `corrupt_image`; `unsupported_image` for a compression that is not known.
 */
export async function compressedReader(
  file: FitsFile,
  hdu: FitsHdu,
  width: number,
  height: number,
): Promise<RowReader> {
  const { header } = hdu;
  const codec = header.string('ZCMPTYPE') ?? 'unknown';
  const bitpix = integerCard(header, 'ZBITPIX', -64, 64);
  if (!isBitpix(bitpix)) throw corrupt(`ZBITPIX is ${bitpix}`);
  const tileWidth = Math.min(width, integerCard(header, 'ZTILE1', 1, Number.MAX_SAFE_INTEGER, width));
  const tileHeight = Math.min(height, integerCard(header, 'ZTILE2', 1, Number.MAX_SAFE_INTEGER, 1));
  integerCard(header, 'ZTILE3', 1, 1, 1);
  const [across, down] = [Math.ceil(width / tileWidth), Math.ceil(height / tileHeight)];
  const [rowBytes = 0, tiles = 0] = hdu.axes;
  const columns = binaryColumns(header, rowBytes);
  const data = dataColumns(columns, codec);
  const heap = integerCard(header, 'THEAP', 0, hdu.dataBytes, rowBytes * tiles);
  if (data.length === 0 || rowBytes * tiles > Math.min(hdu.dataBytes, MAX_DESCRIPTOR_BYTES)) {
    throw corrupt('the table of tiles is damaged');
  }
  const table = Buffer.alloc(rowBytes * tiles);
  await file.readData(hdu, table, 0);
  const readHeap = windowed(file, hdu);
  const scaling = pixelDecoder(header, bitpix);

  const cell = (name: string, tile: number): number | undefined => {
    const column = columns.get(name);
    return column ? readCell(table, tile * rowBytes, column) : header.number(name);
  };

  async function readTile(tile: number, pixels: number): Promise<Float32Array> {
    if (tile >= tiles) throw corrupt('there are fewer tiles than the image needs');
    const found = data
      .map(({ column, codec }) => ({ codec, column, at: readDescriptor(table, tile * rowBytes, column) }))
      .find(({ at }) => at.count > 0);
    if (!found) throw corrupt('a tile has no data');
    const { offset, count } = found.at;
    const bytes = await readHeap(heap + offset, count * found.column.elementBytes);
    const scale = cell('ZSCALE', tile);
    // A tile that could not be quantized stands beside, as gzipped floats.
    const quantized = bitpix < 0 && scale !== undefined && found.column.name === 'COMPRESSED_DATA';
    const values = await decodeTile(found.codec, header, bytes, pixels, bitpix < 0 && !quantized);
    if (!quantized) {
      const plain = new Float32Array(pixels);
      toPhysical(values, scaling, plain);
      return plain;
    }
    return dequantize(values, quantization(header, cell, tile, scale));
  }

  let [band, bandPlane, bandRow] = [new Float32Array(), -1, -1];
  async function readBand(plane: number, tileRow: number): Promise<void> {
    if (bandPlane === plane && bandRow === tileRow) return;
    const rows = Math.min(tileHeight, height - tileRow * tileHeight);
    band = new Float32Array(rows * width);
    for (let column = 0; column < across; column++) {
      const columns = Math.min(tileWidth, width - column * tileWidth);
      const tile = await readTile((plane * down + tileRow) * across + column, rows * columns);
      for (let row = 0; row < rows; row++) {
        band.set(tile.subarray(row * columns, (row + 1) * columns), row * width + column * tileWidth);
      }
    }
    [bandPlane, bandRow] = [plane, tileRow];
  }

  return async (plane, firstRow, rows) => {
    const values = new Float32Array(rows * width);
    for (let row = firstRow; row < firstRow + rows; ) {
      const tileRow = Math.floor(row / tileHeight);
      await readBand(plane, tileRow);
      const inBand = row - tileRow * tileHeight;
      const taken = Math.min(band.length / width - inBand, firstRow + rows - row);
      values.set(band.subarray(inBand * width, (inBand + taken) * width), (row - firstRow) * width);
      row += taken;
    }
    return values;
  };
}

function quantization(
  header: FitsHeader,
  cell: (name: string, tile: number) => number | undefined,
  tile: number,
  scale: number,
): Quantization {
  const stated = header.string('ZQUANTIZ') ?? 'NO_DITHER';
  const method = METHODS.find((name) => name === stated) ?? 'NO_DITHER';
  const seed = integerCard(header, 'ZDITHER0', 0, Number.MAX_SAFE_INTEGER, 1) - 1 + tile;
  return { scale, zero: cell('ZZERO', tile) ?? 0, blank: cell('ZBLANK', tile) ?? DEFAULT_NULL, method, seed };
}
