import { type BatchRow, COLUMNS } from './row.js';

/** A spreadsheet takes a text that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One field as in RFC 4180. */
function field(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of CSV, with its end. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(field).join(',')}\r\n`;

export const CSV_HEAD = csvLine(COLUMNS);

/** A row of the table as a line of CSV, with its end. */
export const csvRow = (row: BatchRow): string => csvLine(COLUMNS.map((name) => row[name]));
