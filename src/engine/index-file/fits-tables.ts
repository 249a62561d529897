import type { ByteSource } from './byte-source.js';
import { IndexFileError } from './error.js';
import { BLOCK_BYTES, type Header, HeaderReader } from './header.js';

/** One table unit of a FITS file; all its bytes exist. */
export interface FitsTable {
  header: Header;
  /** Of the first row, bytes. */
  offset: number;
  rowBytes: number;
  rows: number;
}

export interface FitsTables {
  primary: Header;
  /** In the order of the file. */
  tables: FitsTable[];
}

const FITS_START = /^SIMPLE {2}= +T/;
const BITS: readonly number[] = [8, 16, 32, 64];
const EXTENSION_START = 'XTENSION=';

/**
 * The first header, and where its data begin.
 * @throws IndexFileError `not_an_index`, `truncated`, `corrupt`.
 */
export function readPrimary(
  source: ByteSource,
  headers = new HeaderReader(source),
): { header: Header; end: number } {
  if (!FITS_START.test(startOf(source, 0))) throw new IndexFileError('not_an_index', 'This is no FITS file');
  return headers.read(0);
}

/**
 * The headers of all units. Bytes behind the last unit that are no unit are left alone, as FITS allows.
 * @throws IndexFileError `not_an_index`, `truncated`, `corrupt`.
 */
export function readTables(source: ByteSource): FitsTables {
  const headers = new HeaderReader(source);
  const { header: primary, end } = readPrimary(source, headers);
  const tables: FitsTable[] = [];
  let at = afterData(source, primary, end);
  while (startOf(source, at).startsWith(EXTENSION_START)) {
    const { header, end: offset } = headers.read(at);
    at = afterData(source, header, offset);
    if (header.text('XTENSION') !== 'BINTABLE') continue;
    if (header.number('BITPIX') !== 8 || header.number('NAXIS') !== 2)
      throw new IndexFileError('corrupt', 'A table is not made of rows of bytes');
    tables.push({ header, offset, rowBytes: header.count('NAXIS1'), rows: header.count('NAXIS2') });
  }
  return { primary, tables };
}

function startOf(source: ByteSource, offset: number): string {
  return offset < source.size ? String.fromCharCode(...source.read(offset, 40)) : '';
}

/** Where the unit behind these data begins (FITS 4.0, section 7.3.1: PCOUNT bytes follow the rows). */
function afterData(source: ByteSource, header: Header, offset: number): number {
  const axes = header.count('NAXIS');
  let elements = axes === 0 ? 0 : 1;
  // A file with many axes of no length would take long; FITS allows 999.
  for (let axis = 1; axis <= Math.min(axes, 999); axis++) elements *= header.count(`NAXIS${axis}`);
  const bits = Math.abs(header.number('BITPIX') ?? 0);
  if (!BITS.includes(bits)) throw new IndexFileError('corrupt', 'A header has no usable BITPIX');
  const bytes = (bits / 8) * header.count('GCOUNT', 1, 1) * (header.count('PCOUNT', 0, 0) + elements);
  if (!(offset + bytes <= source.size))
    throw new IndexFileError(
      'truncated',
      `The headers name ${bytes} bytes from ${offset} on; the file has ${source.size}`,
    );
  return offset + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
