import { AstroJobsError } from '../job/errors.js';
import { type BinaryColumn, binaryColumns } from './columns.js';
import { type FitsFile, type FitsHdu, openFits } from './hdu.js';
import type { FitsHeader } from './header.js';
import type { SourceOptions } from './source.js';
import { formatCard } from './write-card.js';

/** Loaded when a table is read: its module costs as much as a tenth of all that `astro-jobs` loads. */
const loadFitsjs = async () => (await import('fitsjs')).default.astro.FITS;

const DEFAULT_MAX_BYTES = 1 << 26;
/** fitsjs reads no more than 600 cards of a header, and a column takes two. */
const MAX_COLUMNS = 290;
/** Rows become objects on the way; so many at a time. */
const ROWS_AT_ONCE = 4096;
/** Types that fitsjs reads right; the others it is given as plain bytes. */
const READ_RIGHT = new Set(['L', 'B', 'A', 'I', 'J', 'E', 'D']);

export interface TableOptions extends SourceOptions {
  /**
   * Larger tables are refused before they are read.
   * @default 64 MiB
   */
  maxBytes?: number;
}

/** A binary table, read whole. Column names are compared without regard to case. */
export interface FitsTable {
  /** The table's own header. */
  header: FitsHeader;
  /** The primary header of the file, where solvers keep their options. */
  primary: FitsHeader;
  rows: number;
  /** Upper case, in the order of the file. */
  columns: readonly string[];
  has(name: string): boolean;
  /**
   * The numbers of a column, row after row; a vector column gives all its elements of each row. TSCAL, TZERO and TNULL
   * are applied; logical values are 1 and 0.
   * @throws AstroJobsError `corrupt_image` when there is no such column, or it holds no numbers.
   */
  column(name: string): Float64Array;
  /**
   * The strings of a column of characters, trimmed.
   * @throws AstroJobsError `corrupt_image` when there is no such column, or it holds no characters.
   */
  text(name: string): string[];
}

function corrupt(message: string): AstroJobsError {
  return new AstroJobsError('corrupt_image', `FITS: ${message}`);
}

interface PlannedColumn {
  /** How fitsjs knows it: names from the file never reach it. */
  alias: string;
  form: string;
  /** Undefined for bytes that belong to no column. */
  column?: BinaryColumn;
}

/** The row as fitsjs shall see it: every byte belongs to a column, of a type that it reads right. */
function planRow(columns: Iterable<BinaryColumn>, rowBytes: number): PlannedColumn[] {
  const planned: PlannedColumn[] = [];
  const add = (form: string, column?: BinaryColumn) =>
    planned.push({ alias: `c${planned.length}`, form, column });
  let filled = 0;
  for (const column of columns) {
    if (column.bytes === 0) continue;
    if (column.offset > filled) add(`${column.offset - filled}B`);
    const known = READ_RIGHT.has(column.code) && column.descriptor === undefined;
    add(known ? `${column.repeat}${column.code}` : `${column.bytes}B`, column);
    filled = column.offset + column.bytes;
  }
  if (rowBytes > filled) add(`${rowBytes - filled}B`);
  if (planned.length > MAX_COLUMNS) throw corrupt(`a table of more than ${MAX_COLUMNS} columns`);
  return planned;
}

/** A header of our own making, with nothing in it that fitsjs could trip over. */
function plainHeader(planned: PlannedColumn[], rowBytes: number, rows: number): string {
  const cards: [string, string | number][] = [
    ['XTENSION', 'BINTABLE'],
    ['BITPIX', 8],
    ['NAXIS', 2],
    ['NAXIS1', rowBytes],
    ['NAXIS2', rows],
    ['PCOUNT', 0],
    ['GCOUNT', 1],
    ['TFIELDS', planned.length],
  ];
  planned.forEach(({ alias, form }, i) => {
    cards.push([`TTYPE${i + 1}`, alias], [`TFORM${i + 1}`, form]);
  });
  const images = cards.map(([keyword, value]) => formatCard({ keyword, value, comment: '' }));
  return [...images, 'END'.padEnd(80)].join('');
}

/** The elements of one cell as numbers; undefined for a type that holds none. */
function numbersOf(column: BinaryColumn, cell: unknown): number[] | undefined {
  const elements = (Array.isArray(cell) ? cell : [cell]) as (number | boolean)[];
  if (column.descriptor) return undefined;
  if (column.code === 'K') {
    const bytes = Buffer.from(elements as number[]);
    return Array.from({ length: column.repeat }, (_, i) => Number(bytes.readBigInt64BE(8 * i)));
  }
  return READ_RIGHT.has(column.code) && column.code !== 'A' ? elements.map(Number) : undefined;
}

function readColumns(
  { Header, BinaryTable }: Awaited<ReturnType<typeof loadFitsjs>>,
  data: Buffer,
  planned: PlannedColumn[],
  rowBytes: number,
  rows: number,
): Map<string, unknown[]> {
  const cells = new Map<string, unknown[]>();
  for (const { column } of planned) if (column) cells.set(column.name, []);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - first);
    const piece = Uint8Array.from(data.subarray(first * rowBytes, (first + count) * rowBytes)).buffer;
    new BinaryTable(new Header(plainHeader(planned, rowBytes, count)), piece).getRows(0, count, (found) => {
      for (const row of found) {
        for (const { alias, column } of planned) if (column) cells.get(column.name)?.push(row[alias]);
      }
    });
  }
  return cells;
}

/** TZERO + TSCAL·value, NaN for TNULL (FITS 4.0, 7.3.2). */
function scaled(header: FitsHeader, column: BinaryColumn, values: Float64Array): Float64Array {
  const scale = header.number(`TSCAL${column.number}`) ?? 1;
  const zero = header.number(`TZERO${column.number}`) ?? 0;
  const missing = header.number(`TNULL${column.number}`);
  if (scale === 1 && zero === 0 && missing === undefined) return values;
  return values.map((value) => (value === missing ? Number.NaN : zero + scale * value));
}

async function findTable(file: FitsFile, hduIndex?: number): Promise<{ hdu: FitsHdu; primary: FitsHeader }> {
  let primary: FitsHeader | undefined;
  for await (const hdu of file.hdus()) {
    primary ??= hdu.header;
    const wanted = hduIndex === undefined ? hdu.header.boolean('ZIMAGE') !== true : hdu.index === hduIndex;
    if (wanted && hdu.type === 'BINTABLE') return { hdu, primary };
  }
  throw corrupt(
    hduIndex === undefined ? 'the file holds no binary table' : `unit ${hduIndex} is no binary table`,
  );
}

/**
 * Reads a binary table: a solver's `.axy`, `.corr`, `.rdls` or `.match`, or a list of stars.
 * @param hduIndex the unit (0 = primary); the first table when not given.
 * @throws AstroJobsError `corrupt_image`, also when there is no table; `image_too_large` beyond `maxBytes`.
 */
export async function readTable(
  input: string | Uint8Array,
  hduIndex?: number,
  options: TableOptions = {},
): Promise<FitsTable> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const file = await openFits(input, options);
  try {
    const { hdu, primary } = await findTable(file, hduIndex);
    const [rowBytes = 0, rows = 0] = hdu.axes;
    if (hdu.axes.length !== 2 || hdu.bytesPerValue !== 1)
      throw corrupt('a binary table with other than two axes of bytes');
    if (hdu.dataBytes > maxBytes || rows > maxBytes) {
      throw new AstroJobsError(
        'image_too_large',
        `FITS: a table of ${hdu.dataBytes} bytes; ${maxBytes} are allowed`,
      );
    }
    file.requireData(hdu);
    const layout = binaryColumns(hdu.header, rowBytes);
    const data = Buffer.alloc(rowBytes * rows);
    await file.readData(hdu, data, 0);
    const cells = readColumns(await loadFitsjs(), data, planRow(layout.values(), rowBytes), rowBytes, rows);
    return tableOf(hdu.header, primary, rows, layout, cells);
  } finally {
    await file.close();
  }
}

function tableOf(
  header: FitsHeader,
  primary: FitsHeader,
  rows: number,
  layout: Map<string, BinaryColumn>,
  cells: Map<string, unknown[]>,
): FitsTable {
  const find = (name: string): BinaryColumn => {
    const column = layout.get(name.toUpperCase());
    if (!column) throw corrupt(`the table has no column ${name}, only ${[...layout.keys()].join(', ')}`);
    return column;
  };
  return {
    header,
    primary,
    rows,
    columns: [...layout.keys()],
    has: (name) => layout.has(name.toUpperCase()),
    column(name) {
      const column = find(name);
      const values = new Float64Array(rows * column.repeat);
      (cells.get(column.name) ?? []).forEach((cell, row) => {
        const numbers = numbersOf(column, cell);
        if (!numbers) throw corrupt(`column ${name} holds no numbers (type ${column.code})`);
        values.set(numbers, row * column.repeat);
      });
      return scaled(header, column, values);
    },
    text(name) {
      const column = find(name);
      if (column.code !== 'A' || column.descriptor) throw corrupt(`column ${name} holds no characters`);
      return (cells.get(column.name) ?? []).map((cell) => String(cell).split('\0', 1).join('').trim());
    },
  };
}
