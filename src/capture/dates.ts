import { type DayOrder, isCalendarDay, parseDay } from './civil-date.js';
import { parseClock, type WrittenClock } from './clock.js';
import type { Reading } from './reading.js';
import { neverSet, outsidePhotography } from './unset-clock.js';

/** A date, perhaps with a time of day, as recorded. */
export interface WrittenTime {
  /** ISO 8601 without a zone: `2018-04-17T03:35:22.1234567`, or a date alone. Seconds may be 60. */
  local: string;
  hasTime: boolean;
  /** Minutes east of UTC, or `local` for a clock whose zone is not known; `undefined` when the text says nothing. */
  zone?: number | 'local';
  /** Hour 24, which programs write for the first hour of that day and ISO 8601 for the end of it. */
  hour24: boolean;
}

export interface DateHabits {
  /** What the first of two small numbers is in `03/12/1996`. */
  order: DayOrder;
  /** Whether 24:00:00 is the end of the day, as in ISO 8601, or its first second, as phones write it. */
  midnightEndsDay: boolean;
}

const two = (value: number) => String(value).padStart(2, '0');
const isoDay = (year: number, month: number, day: number) =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
const isoClock = ({ hours, minutes, seconds, fraction }: WrittenClock) =>
  `${two(hours)}:${two(minutes)}:${two(seconds)}${fraction}`;

/** A day and a time of day on it as one text. */
export function atClock(day: string, clock: WrittenClock, { midnightEndsDay }: DateHabits): WrittenTime {
  const zone = clock.zone === undefined ? {} : { zone: clock.zone };
  if (clock.hours !== 24)
    return { local: `${day}T${isoClock(clock)}`, hasTime: true, hour24: false, ...zone };
  const midnight = clock.minutes === 0 && clock.seconds === 0 && !/[1-9]/.test(clock.fraction);
  const date = new Date(`${day}T00:00:00Z`);
  if (midnight && midnightEndsDay) date.setUTCDate(date.getUTCDate() + 1);
  const local = `${date.toISOString().slice(0, 10)}T${isoClock({ ...clock, hours: 0 })}`;
  return { local, hasTime: true, hour24: true, ...zone };
}

/**
 * Reads a date, with or without a time of day, in the writings met in FITS and EXIF: ISO 8601 (`T`, blank or `_`
 * between), `2024:08:21 23:45:00`, `2014: 4: 6  9: 9: 1`, `31/12/99`, `12/31/2015 11:08:19 PM`, `21-Aug-2024`,
 * `Sat Aug 22 23:08:19 2015`; with any number of decimals and `Z`, `+0200` or `-07:00` behind it. `undefined` for a blank;
 * left out when it is no date, no day of the calendar, or one that only a clock shows that was never set.
 */
export function parseTime(text: string, habits: DateHabits): Reading<WrittenTime> {
  const trimmed = text
    .replace(/\0.*$/s, '')
    .trim()
    .replace(/^["']|["']$/g, '');
  if (/^[: /-]*$/.test(trimmed)) return undefined;
  if (/^[0: T./Z-]*$/.test(trimmed)) return { why: 'the clock was never set' };
  // Lands that write AM and PM do not agree on the order of day and month.
  const order = /\d\s*[ap]\.?m\.?\b/i.test(trimmed) ? 'unknown' : habits.order;
  const day = parseDay(trimmed, order);
  if (!day) return { why: 'no date' };
  if ('why' in day) return day;
  if (!isCalendarDay(day.value)) return { why: 'the calendar has no such day' };
  const { year, month, day: dayOfMonth } = day.value;
  const rest = day.value.rest.replace(/^[:/-]/, '').trim();
  const clock = rest === '' ? undefined : parseClock(rest);
  if (rest !== '' && !clock) return { why: 'its time of day cannot be read' };
  const iso = isoDay(year, month, dayOfMonth);
  const time = clock ? atClock(iso, clock, habits) : { local: iso, hasTime: false, hour24: false };
  const why = neverSet(time.local) ?? outsidePhotography(time.local);
  return why === undefined ? { value: time } : { why };
}

/** The same instant in UTC, with `Z`; its decimals are kept, and second 60 is the first of the next minute. */
export function toUtc(local: string, zoneMinutes: number): string | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?$/.exec(local);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1, 7).map(Number);
  const instant = Date.UTC(year, month - 1, day, hours, minutes - zoneMinutes, seconds);
  return `${new Date(instant).toISOString().slice(0, 19)}${found[7] ?? ''}Z`;
}

const MJD_OF_UNIX_EPOCH = 40_587;

/** A Modified Julian Date as ISO 8601 with milliseconds and without a zone; left out when no photograph is that old. */
export function fromMjd(mjd: number): Reading<string> {
  const milliseconds = Math.round((mjd - MJD_OF_UNIX_EPOCH) * 86_400_000);
  if (!(Math.abs(milliseconds) < 8.64e15)) return { why: 'no date' };
  const local = new Date(milliseconds).toISOString().replace('Z', '');
  if (local.length !== 23) return { why: 'no date' };
  const why = neverSet(local) ?? outsidePhotography(local);
  return why === undefined ? { value: local } : { why };
}
