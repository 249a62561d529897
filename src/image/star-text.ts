import { isSkyCatalogue, type StarColumns, starColumns } from './star-columns.js';

/** A table of numbers as text. */
export interface TextTable {
  /** Upper case; empty where the text names none. */
  names: string[];
  rows: number[][];
  /** IRAF (DAOFIND) wrote it. */
  iraf: boolean;
}

const SEXTRACTOR_COLUMN = /^#\s*(\d{1,3})\s+([A-Za-z]\w*)/;
const IRAF_COLUMNS = /^#N\s/;
const IRAF = /^#K\s+IRAF\b/;
const ECSV = /^#\s*%ECSV/;
const NAME = /^[A-Za-z]\w*(?:\([^)]*\))?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: text holds none but tabs and line ends.
const BINARY = /[\x00-\x08\x0e-\x1f]/;

const upper = (names: readonly string[]) => names.map((name) => name.split('(', 1)[0]?.toUpperCase() ?? '');

/** The fields of a line: between commas or semicolons where there are some, else between blanks. */
function fieldsOf(line: string): string[] {
  const separator = line.includes(',') ? ',' : line.includes(';') ? ';' : /\s+/;
  return line
    .trim()
    .split(separator)
    .map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

const numberOf = (field: string) => (field === '' ? Number.NaN : Number(field));
const isRow = (fields: readonly string[]) =>
  fields.length >= 2 && fields.slice(0, 2).every((field) => !Number.isNaN(numberOf(field)));

/** Whether text begins as a table of stars does: with column names that are known, or with rows of numbers. */
export function looksLikeStars(head: string): boolean {
  if (BINARY.test(head)) return false;
  // The last line of a head may be cut.
  const { names, rows } = parseTextTable(head.slice(0, head.lastIndexOf('\n') + 1) || head);
  return names.length > 0 ? rows.length > 0 : rows.length >= 3;
}

/**
 * Reads a table of numbers in the writings of star finders: plain `x y flux` lines, CSV, ECSV, SExtractor's ASCII_HEAD
 * (`# 1 X_IMAGE`), DAOFIND. Lines that are no rows of numbers are left out.
 */
export function parseTextTable(text: string): TextTable {
  const table: TextTable = { names: [], rows: [], iraf: false };
  const commented: string[][] = [];
  let stray = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || ECSV.test(line)) continue;
    if (line.startsWith('#')) {
      const numbered = SEXTRACTOR_COLUMN.exec(line);
      const iraf = IRAF_COLUMNS.test(line) ? line.slice(2).trim().replace(/\\$/, '').trim() : undefined;
      if (IRAF.test(line)) table.iraf = true;
      else if (numbered) table.names[Number(numbered[1]) - 1] = numbered[2] ?? '';
      else if (iraf !== undefined && table.names.length === 0) {
        table.iraf = true;
        table.names = iraf.split(/\s+/);
      } else {
        const words = line
          .slice(1)
          .trim()
          .split(/[\s,]+/);
        if (words.length >= 2 && words.every((word) => NAME.test(word))) commented.push(upper(words));
      }
      continue;
    }
    const fields = fieldsOf(line);
    if (
      table.rows.length === 0 &&
      table.names.length === 0 &&
      fields.length >= 2 &&
      fields.every((field) => NAME.test(field))
    ) {
      table.names = fields;
    } else if (isRow(fields) || (table.names.length > 0 && fields.length === table.names.length)) {
      table.rows.push(fields.map(numberOf));
    } else if (++stray > table.rows.length + 10) {
      // Prose with a few numbers in it.
      return { names: [], rows: [], iraf: false };
    }
  }
  const width = table.rows[0]?.length;
  if (table.names.length > 0)
    return { ...table, names: upper(Array.from(table.names, (name) => name ?? '')) };
  // A comment may have as many words by chance.
  const known = (names: string[]) => starColumns(names) !== undefined || isSkyCatalogue(names);
  return { ...table, names: commented.find((names) => names.length === width && known(names)) ?? [] };
}

/** Without names, the first two columns are the position, counted from 1, and the third is the brightness. */
export function textColumns({ names, rows, iraf }: TextTable): StarColumns | undefined {
  if (names.length > 0) return starColumns(names, iraf);
  const columns = rows[0]?.length ?? 0;
  return {
    x: '0',
    y: '1',
    origin: 1,
    ...(columns > 2 && { brightness: { name: '2', magnitude: false } }),
  };
}

export function textColumn({ names, rows }: TextTable, name: string): number[] {
  const index = names.length > 0 ? names.indexOf(name) : Number(name);
  return rows.map((row) => row[index] ?? Number.NaN);
}
