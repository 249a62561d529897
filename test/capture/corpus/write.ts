import type { Capture } from '../../../src/job/capture.js';
import type { Scene } from './scenes.js';

/** Everything of a capture but what says where it came from. */
export type Expected = Partial<Omit<Capture, 'sources' | 'notes' | 'image_width' | 'image_height'>>;

export interface FitsHabit {
  program: string;
  /** The public file or report that the form is taken from. */
  source: string;
  cards(scene: Scene): string[];
  expected(scene: Scene): Expected;
}

/** A card: the value is a number, or text with its quotes. */
export function card(keyword: string, value: number | string, comment?: string): string {
  return `${keyword.padEnd(8)}= ${value}${comment === undefined ? '' : ` / ${comment}`}`;
}

export const quoted = (text: string) => `'${text.replaceAll("'", "''").padEnd(8)}'`;

/** Sexagesimal with a sign for declinations and latitudes: `-00 12 45.0`. */
export function sexagesimal(value: number, separator = ' ', decimals = 2, sign = true): string {
  const unit = 10 ** decimals;
  const total = Math.round(Math.abs(value) * 3600 * unit);
  const [seconds, minutes, whole] = [
    (total % (60 * unit)) / unit,
    Math.floor(total / (60 * unit)) % 60,
    Math.floor(total / (3600 * unit)),
  ];
  const two = (part: number, digits = 0) => part.toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0');
  const prefix = value < 0 ? '-' : sign ? '+' : '';
  return `${prefix}${[two(whole), two(minutes), two(seconds, decimals)].join(separator)}`;
}

export const hours = (ra: number, separator = ' ', decimals = 2) =>
  sexagesimal(ra / 15, separator, decimals, false);

/** The clock on the spot, ISO 8601 without a zone. */
export function localTime({ utc, zone }: Scene): string {
  return new Date(Date.parse(`${utc}Z`) + zone * 60_000).toISOString().slice(0, 23);
}

/** Without its decimals: `2024-08-21T23:45:00`. */
export const seconds = (iso: string) => iso.slice(0, 19);

export const modifiedJulianDate = (iso: string) => Date.parse(`${iso}Z`) / 86_400_000 + 40_587;

/** `dd/mm/yy`, as FITS had it before 1999. */
export const oldDate = (iso: string) => `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)}`;

/** What is expected where a program writes the start of the exposure in UTC. */
export const startingAt = (utc: string): Expected => ({ datetime: utc, datetime_utc: `${utc}Z` });

export const pair = (value: number): [number, number] => [value, value];
