import { parseHeader } from '../fits/header.js';

const BLOCK = 2880;
const SIZES: Readonly<Record<string, number>> = { D: 8, E: 4, J: 4, I: 2, K: 8, A: 1, B: 1, L: 1 };

/** Numeric columns of the first binary table of a FITS file, first element of each cell; by upper-case name. */
export function readColumns(file: Uint8Array): Record<string, number[]> {
  let offset = 0;
  for (let hdu = 0; hdu < 10 && offset < file.length; hdu++) {
    const header = parseHeader(file.subarray(offset));
    const start = offset + headerBytes(file.subarray(offset));
    if (header.string('XTENSION') === 'BINTABLE') return columnsOf(header, file, start);
    offset = start;
  }
  throw new Error('no binary table');
}

function headerBytes(bytes: Uint8Array): number {
  for (let at = 0; at + 80 <= bytes.length; at += 80) {
    const card = Buffer.from(bytes.buffer, bytes.byteOffset + at, 80).toString('latin1');
    if (card.trimEnd() === 'END') return Math.ceil((at + 80) / BLOCK) * BLOCK;
  }
  throw new Error('no END');
}

function columnsOf(
  header: ReturnType<typeof parseHeader>,
  file: Uint8Array,
  start: number,
): Record<string, number[]> {
  const view = new DataView(file.buffer, file.byteOffset + start);
  const rows = header.number('NAXIS2') ?? 0;
  const rowBytes = header.number('NAXIS1') ?? 0;
  const columns: Record<string, number[]> = {};
  let at = 0;
  for (let field = 1; field <= (header.number('TFIELDS') ?? 0); field++) {
    const form = /^(\d*)([A-Z])/.exec(header.string(`TFORM${field}`) ?? '');
    const letter = form?.[2] ?? '';
    const size = SIZES[letter] ?? 0;
    const values: number[] = [];
    for (let row = 0; row < rows; row++) {
      const cell = row * rowBytes + at;
      if (letter === 'D') values.push(view.getFloat64(cell));
      else if (letter === 'E') values.push(view.getFloat32(cell));
      else if (letter === 'J') values.push(view.getInt32(cell));
      else if (letter === 'I') values.push(view.getInt16(cell));
    }
    columns[(header.string(`TTYPE${field}`) ?? '').toUpperCase()] = values;
    at += size * Number(form?.[1] || 1);
  }
  return columns;
}

/** A FITS table of X, Y, FLUX, BACKGROUND in the order in which the engine shall look at them. */
export function starTable(
  stars: readonly { x: number; y: number; peak: number; background: number }[],
): Buffer {
  const card = (text: string) => text.padEnd(80);
  const block = (cards: string[]) => {
    const text = [...cards, 'END'].map(card).join('');
    return text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK);
  };
  const value = (keyword: string, given: string | number | boolean) =>
    `${keyword.padEnd(8)}= ${typeof given === 'string' ? `'${given.padEnd(8)}'` : (typeof given === 'boolean' ? 'T' : String(given)).padStart(20)}`;
  const primary = block([
    value('SIMPLE', true),
    value('BITPIX', 8),
    value('NAXIS', 0),
    value('EXTEND', true),
  ]);
  const names = ['X', 'Y', 'FLUX', 'BACKGROUND'];
  const extension = block([
    value('XTENSION', 'BINTABLE'),
    value('BITPIX', 8),
    value('NAXIS', 2),
    value('NAXIS1', 16),
    value('NAXIS2', stars.length),
    value('PCOUNT', 0),
    value('GCOUNT', 1),
    value('TFIELDS', 4),
    ...names.flatMap((name, i) => [value(`TTYPE${i + 1}`, name), value(`TFORM${i + 1}`, '1E')]),
  ]);
  const data = Buffer.alloc(Math.ceil((stars.length * 16) / BLOCK) * BLOCK);
  stars.forEach((star, i) => {
    data.writeFloatBE(star.x, i * 16);
    data.writeFloatBE(star.y, i * 16 + 4);
    data.writeFloatBE(star.peak, i * 16 + 8);
    data.writeFloatBE(star.background, i * 16 + 12);
  });
  return Buffer.concat([Buffer.from(primary + extension, 'latin1'), data]);
}
