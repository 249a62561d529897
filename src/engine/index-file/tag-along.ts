// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { IndexFileError } from './error.js';
import type { Header } from './header.js';
import type { IndexTables } from './index-tables.js';
import type { PagedTable } from './paged-table.js';

/** A column of the table of what the catalogue knew of each star. */
export interface TagAlongColumn {
  name: string;
  /** Within a row, bytes. */
  offset: number;
  /** TFORM letter of its type. */
  type: string;
  /** Numbers in a row. */
  repeat: number;
}

/** Bytes of one element, by the letter of TFORM (FITS 4.0, table 18); bits (X) are counted apart. */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ['L', 1],
  ['B', 1],
  ['A', 1],
  ['I', 2],
  ['J', 4],
  ['K', 8],
  ['E', 4],
  ['D', 8],
  ['C', 8],
  ['M', 16],
  ['P', 8],
  ['Q', 16],
]);
const MAX_COLUMNS = 999;
/** Rows of a catalogue have some hundred bytes; a page holds one at least. */
const MAX_ROW_BYTES = 16 << 10;

/** Reads one number a star from an ordinary FITS table: its numbers are big-endian, whatever the order of the file. */
export class TagAlongNumbers {
  readonly column: TagAlongColumn;
  readonly #table: PagedTable;
  readonly #bytes = new Uint8Array(8);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor(table: PagedTable, column: TagAlongColumn) {
    this.#table = table;
    this.column = column;
  }

  /** The number of a star, which must be one of the table's; NaN where the catalogue had none. */
  at(star: number): number {
    const { columns: rowBytes, shift } = this.#table;
    const page = this.#table.pageOf(star);
    const start = rowBytes * (star & ((1 << shift) - 1)) + this.column.offset;
    const width = this.column.type === 'D' ? 8 : 4;
    // The page holds the whole row, and the column lies within it.
    for (let i = 0; i < width; i++) this.#bytes[i] = page[start + i]!;
    return width === 8 ? this.#view.getFloat64(0) : this.#view.getFloat32(0);
  }
}

/**
 * Magnitudes of the stars; undefined where the file has none.
 * @throws IndexFileError `corrupt` when the table is not one row for each star.
 */
export function openMagnitudes(tables: IndexTables, stars: number): TagAlongNumbers | undefined {
  const table = tables.find((header) => header.text('AN_FILE') === 'TAGALONG');
  const column = table && chooseMagnitude(readColumns(table.header));
  if (table === undefined || column === undefined) return undefined;
  const { rowBytes, rows } = table;
  const end = column.offset + column.repeat * (column.type === 'D' ? 8 : 4);
  if (rows !== stars || rowBytes > MAX_ROW_BYTES || end > rowBytes)
    throw new IndexFileError('corrupt', `The table of ${column.name} does not fit the ${stars} stars`);
  const bytes = tables.open(column.name, table, { type: 'u8', columns: rowBytes, rows, order: tables.order });
  return new TagAlongNumbers(bytes, column);
}

function readColumns(header: Header): TagAlongColumn[] {
  const columns: TagAlongColumn[] = [];
  let offset = 0;
  const fields = Math.min(header.count('TFIELDS', 0, 0), MAX_COLUMNS);
  for (let field = 1; field <= fields; field++) {
    const form = /^(\d{0,9})([A-Z])/.exec(header.text(`TFORM${field}`)?.trim() ?? '');
    const type = form?.[2] ?? '';
    const repeat = form?.[1] ? Number(form[1]) : 1;
    const width = WIDTHS.get(type);
    if (width === undefined && type !== 'X')
      throw new IndexFileError('corrupt', `The column ${field} of the stars is of no known type`);
    columns.push({ name: header.text(`TTYPE${field}`) ?? '', offset, type, repeat });
    offset += width === undefined ? Math.ceil(repeat / 8) : width * repeat;
  }
  return columns;
}

/** Visual magnitudes first, then what other catalogues call theirs; see `chooseMagnitude`. */
const PREFERRED = ['mag_vt', 'vtmag', 'vmag', 'mag_v', 'mag', 'phot_g_mean_mag', 'gmag', 'mag_g'];
const IS_MAGNITUDE = /mag/i;
const IS_OTHER = /err|sig|unc|^e_|_e$|flag|diff|num|amp/i;

/** The best known column of magnitudes, or else the first that is called one and is neither error nor flag. */
function chooseMagnitude(columns: readonly TagAlongColumn[]): TagAlongColumn | undefined {
  const numbers = columns.filter(({ type, repeat }) => repeat === 1 && (type === 'E' || type === 'D'));
  const known = PREFERRED.flatMap((name) => numbers.filter((column) => column.name.toLowerCase() === name));
  return known[0] ?? numbers.find(({ name }) => IS_MAGNITUDE.test(name) && !IS_OTHER.test(name));
}
