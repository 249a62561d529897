import { InvalidArgumentError } from 'commander';

/** A finite number. */
export function parseReal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

/** Degrees, or `hh:mm:ss` in units of so many degrees. */
export function parseAngle(text: string, unit_deg: 1 | 15): number {
  const parts = /^([+-]?)(\d+):(\d+)(?::(\d+(?:\.\d*)?))?$/.exec(text.trim());
  if (!parts) return parseReal(text);
  const [, sign, whole, minutes, seconds = '0'] = parts;
  const size = Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600;
  return (sign === '-' ? -1 : 1) * unit_deg * size;
}

/** `05:36:35.269` of right ascension, `-02:59:56.940` of declination: as solve-field prints them. */
export function colons(value: number, signed: boolean): string {
  const thousandths = Math.round(Math.abs(value) * 3_600_000);
  const [whole, rest] = [Math.floor(thousandths / 3_600_000), thousandths % 3_600_000];
  const two = (count: number) => String(count).padStart(2, '0');
  const seconds = ((rest % 60_000) / 1000).toFixed(3).padStart(6, '0');
  const sign = !signed ? '' : value < 0 ? '-' : '+';
  return `${sign}${two(whole)}:${two(Math.floor(rest / 60_000))}:${seconds}`;
}

/** As C prints `%g`. */
export const general = (value: number): string => String(Number(value.toPrecision(6)));
