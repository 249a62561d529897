import { AstroJobsError } from '../job/errors.js';
import type { FitsHeader } from './header.js';

const MAX_COLUMNS = 999;
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  L: 1,
  B: 1,
  A: 1,
  I: 2,
  J: 4,
  K: 8,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
};

/** A column of a binary table, as its TFORM says. */
export interface BinaryColumn {
  /** Its number in the header, from 1. */
  number: number;
  name: string;
  /** Type code of FITS 4.0, table 18; of the elements, for a column of descriptors. */
  code: string;
  repeat: number;
  elementBytes: number;
  /** All its elements (or descriptors) of one row. */
  bytes: number;
  /** Bytes from the start of the row. */
  offset: number;
  /** `P` or `Q` for a column whose values are in the heap. */
  descriptor?: 'P' | 'Q';
}

/**
 * The columns of a binary table by upper-case name (an unnamed one by `COLn`); the first of a name counts.
 * @throws AstroJobsError `corrupt_image` when a TFORM is not understood or the columns do not fill the row.
 */
export function binaryColumns(header: FitsHeader, rowBytes: number): Map<string, BinaryColumn> {
  const corrupt = (message: string) => new AstroJobsError('corrupt_image', `FITS: ${message}`);
  const fields = header.number('TFIELDS') ?? 0;
  if (!Number.isInteger(fields) || fields < 0 || fields > MAX_COLUMNS) throw corrupt(`TFIELDS is ${fields}`);
  const columns = new Map<string, BinaryColumn>();
  let offset = 0;
  for (let i = 1; i <= fields; i++) {
    const form = header.string(`TFORM${i}`) ?? '';
    const parsed = /^(\d{0,9})([LXBIJKAEDCMPQ])([LXBIJKAEDCM]?)/.exec(form);
    if (!parsed) throw corrupt(`TFORM${i} is ${JSON.stringify(form)}`);
    const [, count = '', type = '', element = ''] = parsed;
    const repeat = count === '' ? 1 : Number(count);
    const descriptor = type === 'P' || type === 'Q' ? type : undefined;
    const code = descriptor ? element || 'B' : type;
    const elementBytes = ELEMENT_BYTES[code] ?? 1;
    const bytes = descriptor
      ? repeat * (descriptor === 'P' ? 8 : 16)
      : type === 'X'
        ? Math.ceil(repeat / 8)
        : repeat * elementBytes;
    const name = (header.string(`TTYPE${i}`) ?? `COL${i}`).toUpperCase();
    if (!columns.has(name)) {
      columns.set(name, {
        number: i,
        name,
        code,
        repeat,
        elementBytes,
        bytes,
        offset,
        ...(descriptor ? { descriptor } : {}),
      });
    }
    offset += bytes;
  }
  if (offset > rowBytes) throw corrupt(`the columns take ${offset} bytes and a row has ${rowBytes}`);
  return columns;
}

/** The first value of a numeric column in the row that starts at `row`; NaN for a type that is no number. */
export function readCell(table: Buffer, row: number, column: BinaryColumn): number {
  const at = row + column.offset;
  if (column.repeat < 1 || column.descriptor) return Number.NaN;
  switch (column.code) {
    case 'B':
      return table.readUInt8(at);
    case 'I':
      return table.readInt16BE(at);
    case 'J':
      return table.readInt32BE(at);
    case 'K':
      return Number(table.readBigInt64BE(at));
    case 'E':
      return table.readFloatBE(at);
    case 'D':
      return table.readDoubleBE(at);
    default:
      return Number.NaN;
  }
}

/** Where in the heap the values of a row are: how many elements, and the offset in bytes. */
export function readDescriptor(
  table: Buffer,
  row: number,
  column: BinaryColumn,
): { count: number; offset: number } {
  const at = row + column.offset;
  if (column.repeat < 1) return { count: 0, offset: 0 };
  if (column.descriptor === 'P') return { count: table.readUInt32BE(at), offset: table.readUInt32BE(at + 4) };
  if (column.descriptor === 'Q') {
    return { count: Number(table.readBigInt64BE(at)), offset: Number(table.readBigInt64BE(at + 8)) };
  }
  throw new AstroJobsError('corrupt_image', `FITS: column ${column.name} holds no compressed data`);
}
