/** A date, perhaps with a time of day, as recorded. */
export interface WrittenTime {
  /** ISO 8601 without a zone: `2018-04-17T03:35:22.1234567`, or a date alone. */
  local: string;
  /** Minutes east of UTC, when the text says so. */
  zoneMinutes?: number;
  hasTime: boolean;
}

const ZONE = /\s*(?:(Z|UTC?|GMT)|([+-])(\d{2}):?(\d{2})?)$/i;
const ISO = /^(\d{4})[-/:.](\d{1,2})[-/:.](\d{1,2})(?:[T\s_]+(.+))?$/i;
const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})(?:[T\s]+(.+))?$/i;
const CLOCK = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})([.,]\d+)?)?$/;
/** The first photograph of a star was taken in 1850. */
const FIRST_YEAR = 1840;
const LAST_YEAR = 2200;

const two = (value: number) => String(value).padStart(2, '0');

function isoDate(year: number, month: number, day: number): string | undefined {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  return `${year}-${two(month)}-${two(day)}`;
}

/** `undefined` unless it is a time of day; the fraction keeps its digits. */
export function isoClock(text: string): string | undefined {
  const found = CLOCK.exec(text.trim());
  if (!found) return undefined;
  const [, hours, minutes, seconds = '0', fraction = ''] = found;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined;
  return `${two(Number(hours))}:${two(Number(minutes))}:${two(Number(seconds))}${fraction.replace(',', '.')}`;
}

/** Two digits meant 19yy when the FITS standard had them; cameras that wrote them later meant 20yy. */
const fullYear = (written: string) =>
  written.length === 4 ? Number(written) : Number(written) + (Number(written) < 45 ? 2000 : 1900);

/**
 * Reads a date, with or without a time of day, in the writings met in FITS and EXIF: ISO 8601 (`T`, space or
 * `_` between), `2024:08:21 23:45:00`, old FITS `31/12/99`; with any number of decimals and `Z`, `+0200` or
 * `-07:00` behind it. `undefined` for anything else, days that do not exist and EXIF's `0000:00:00 00:00:00`
 * included.
 */
export function parseTime(text: string): WrittenTime | undefined {
  const trimmed = text.trim().replace(/\0.*$/s, '');
  const iso = ISO.exec(trimmed);
  const dayFirst = iso ? null : DAY_FIRST.exec(trimmed);
  const found = iso ?? dayFirst;
  if (!found) return undefined;
  const [first, second, third] = found.slice(1, 4);
  const date = iso
    ? isoDate(Number(first), Number(second), Number(third))
    : isoDate(fullYear(third), Number(second), Number(first));
  if (date === undefined) return undefined;
  if (found[4] === undefined) return { local: date, hasTime: false };
  const zone = ZONE.exec(found[4]);
  const clock = isoClock(found[4].slice(0, zone?.index));
  if (clock === undefined) return undefined;
  return { local: `${date}T${clock}`, hasTime: true, ...(zone && { zoneMinutes: zoneOf(zone) }) };
}

function zoneOf([, utc, sign, hours, minutes = '0']: RegExpExecArray): number {
  if (utc) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Minutes east of UTC of `+02:00`, `-0730` or `Z`; `undefined` for anything else, EXIF's blank `   :  ` included. */
export function parseZone(text: string): number | undefined {
  const zone = ZONE.exec(text.trim());
  if (zone?.index !== 0) return undefined;
  const minutes = zoneOf(zone);
  return Math.abs(minutes) <= 14 * 60 ? minutes : undefined;
}

/** The same instant in UTC, with `Z`; its decimals are kept. */
export function toUtc(local: string, zoneMinutes: number): string {
  if (zoneMinutes === 0) return `${local}Z`;
  const [whole, fraction] = local.split('.');
  const shifted = new Date(Date.parse(`${whole}Z`) - zoneMinutes * 60_000);
  return `${shifted.toISOString().slice(0, 19)}${fraction === undefined ? '' : `.${fraction}`}Z`;
}

/** A Modified Julian Date (UTC) as ISO 8601 with milliseconds and without a zone. */
export function fromMjd(mjd: number): string | undefined {
  const date = new Date(Math.round((mjd - 40587) * 86_400_000));
  const year = date.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR ? date.toISOString().slice(0, 23) : undefined;
}
