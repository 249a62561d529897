import type { FitsHeader } from '../fits/header.js';
import { parseClock } from './clock.js';
import { atClock, type DateHabits, fromMjd, parseTime, toUtc, type WrittenTime } from './dates.js';
import { type Card, candidate, cardsOf } from './fits-card.js';
import { readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { CaptureRecord } from './record.js';

/** Dates of the exposure: its start, then its middle. */
export const EXPOSURE_DATES = [
  'DATE-OBS',
  'DATE-BEG',
  'DATE_OBS',
  'DATEOBS',
  'UTDATE',
  'UT-DATE',
  'DATE-AVG',
];
/** Its end, which serves where neither start nor middle is known. */
export const END_DATES = ['DATE-END'];
/** The time of day beside a date that has none. */
export const CLOCKS = [
  'TIME-OBS',
  'UT',
  'UTC',
  'UT-START',
  'UTSTART',
  'TIME-BEG',
  'UTC-OBS',
  'TIME_OBS',
  'UTSTRT',
];
const JD = 2_400_000.5;
/** Modified Julian Dates, then Julian ones; EXPSTART is the one or the other. */
export const JULIAN_DATES = [
  'MJD-OBS',
  'MJD-BEG',
  'MJD-AVG',
  'MJD',
  'JD-OBS',
  'JD',
  'JD_UTC',
  'JULIAN',
  'EXPSTART',
];

const UTC_NAME = /\b(?:UTC?|UT1|GMT|universal|zulu)\b/i;
/** `UTC+2`: the clock was ahead of it by two hours. */
const UTC_OFFSET = /\b(?:UTC?|GMT)\s*([+-]\s*\d{1,2}(?::?\d{2})?)\b/i;
const LOCAL_NAME =
  /\b(?:local|civil|LT|LMT|time ?zone|PC time|computer time|camera clock)\b|\b(?:CES?T|MESZ|MEZ|[PMC][SD]T|EDT|JST|BST|IST|AE[SD]T|MSK|EES?T|HST|NZ[SD]T)\b/i;

function habitsOf({ comment, value }: Card): DateHabits {
  const monthFirst = /\bmm?\s*[/-]\s*dd?\b|month\s*[/-]\s*day/i.test(comment);
  const dayFirst = /\bdd?\s*[/-]\s*mm?\b|days?\s*[/-]\s*month/i.test(comment);
  // `dd/mm/yy` is what the standard had before ISO 8601.
  const order = monthFirst && !dayFirst ? 'month-first' : 'day-first';
  return { order: typeof value === 'string' ? order : 'unknown', midnightEndsDay: true };
}

function readDate(card: Card): Reading<WrittenTime> {
  if (typeof card.value !== 'string') return { why: 'no date' };
  return parseTime(card.value, habitsOf(card));
}

/** What the comment beside a time says of its zone: minutes east of UTC, or that it is the local one. */
function zoneOfComment(comment: string): number | 'local' | undefined {
  const offset = UTC_OFFSET.exec(comment)?.[1];
  const clock = offset && parseClock(`0:00${offset.replace(/\s/g, '')}`);
  if (clock && clock.zone !== undefined) return clock.zone;
  return LOCAL_NAME.test(comment) && !UTC_NAME.test(comment) ? 'local' : undefined;
}

interface Instant {
  time: WrittenTime;
  /** Of the cards that the time is made of. */
  comments: string;
  source: string;
}

/** Why no instant in UTC is known for a time, or how far east of UTC its clock was. */
function zoneOf({ time, comments }: Instant, timeSystem: string): { zone: number } | { why: string } {
  const told = zoneOfComment(comments);
  // The standard's scale is UTC unless TIMESYS names another one (FITS 4.0, 9.2.1).
  if (timeSystem !== '' && !/^(?:UTC?|UT1|GMT|Z)\b/i.test(timeSystem)) {
    return { why: `TIMESYS is ${timeSystem}, so that it is not in UTC` };
  }
  if (time.hour24) return { why: 'hour 24: programs do not agree on the day' };
  if (time.zone === 'local' || (time.zone === undefined && told === 'local')) {
    return { why: 'it is in local time, so that UTC is not known' };
  }
  if (typeof time.zone === 'number' && typeof told === 'number' && time.zone !== told) {
    return { why: 'it and its comment name two zones' };
  }
  return { zone: typeof time.zone === 'number' ? time.zone : typeof told === 'number' ? told : 0 };
}

function recordInstant(header: FitsHeader, record: CaptureRecord, instant: Instant): void {
  const { time, source } = instant;
  record.set('datetime', time.local, source);
  if (!time.hasTime) return;
  const zone = zoneOf(instant, header.string('TIMESYS') ?? '');
  const utc = 'why' in zone ? undefined : toUtc(time.local, zone.zone);
  if ('why' in zone) record.note(source, time.local, zone.why);
  if (utc !== undefined) record.set('datetime_utc', utc, source);
}

/** A time of day under a keyword of its own: as text, or in hours or seconds when the comment says so. */
function readClock(card: Card, day: string): Reading<WrittenTime> {
  if (typeof card.value === 'string') {
    const clock = parseClock(card.value);
    return clock ? { value: atClock(day, clock, habitsOf(card)) } : { why: 'no time of day' };
  }
  const seconds = readQuantity(card, { bounds: [0, 86_400], measure: { dimension: 'time', unit: 's' } });
  if (!seconds || 'why' in seconds) return seconds;
  const instant = new Date(Date.parse(`${day}T00:00:00Z`) + Math.round(seconds.value * 1000));
  return { value: { local: instant.toISOString().slice(0, 23), hasTime: true, hour24: false } };
}

/** A date alone with the time of day that stands under a keyword of its own. */
function withClock(header: FitsHeader, record: CaptureRecord, dated: Instant): Instant {
  if (dated.time.hasTime) return dated;
  for (const card of cardsOf(header, CLOCKS)) {
    const found = record.read(candidate(card, (it) => readClock(it, dated.time.local)));
    if (found) {
      return {
        time: found.value,
        comments: `${dated.comments} ${card.comment}`,
        source: `${dated.source}, ${card.keyword}`,
      };
    }
  }
  return dated;
}

/** The dates of these keywords that can be read. */
function* dates(header: FitsHeader, record: CaptureRecord, keywords: readonly string[]): Generator<Instant> {
  for (const card of cardsOf(header, keywords)) {
    const found = record.read(candidate(card, readDate));
    if (found)
      yield withClock(header, record, {
        time: found.value,
        comments: card.comment,
        source: found.source,
      });
  }
}

function readJulianDate(card: Card): Reading<WrittenTime> {
  const days = readQuantity(card, { bounds: [-1e7, 1e7], unknown: [0] });
  if (!days || 'why' in days) return days;
  const modified = card.keyword.startsWith('MJD') || (card.keyword === 'EXPSTART' && days.value < JD);
  const local = fromMjd(modified ? days.value : days.value - JD);
  return local && 'value' in local ? { value: { local: local.value, hasTime: true, hour24: false } } : local;
}

function* julianDates(header: FitsHeader, record: CaptureRecord): Generator<Instant> {
  for (const card of cardsOf(header, JULIAN_DATES)) {
    const found = record.read(candidate(card, readJulianDate));
    if (found) yield { time: found.value, comments: card.comment, source: found.source };
  }
}

/** The first moment of day and time; else the first day. */
function exposureInstant(header: FitsHeader, record: CaptureRecord): Instant | undefined {
  let day: Instant | undefined;
  for (const instant of dates(header, record, EXPOSURE_DATES)) {
    if (instant.time.hasTime) return instant;
    day ??= instant;
  }
  for (const instant of julianDates(header, record)) {
    // One of another day belongs to something else than this exposure.
    if (!day || instant.time.local.startsWith(day.time.local)) return instant;
  }
  if (day) return day;
  for (const instant of dates(header, record, END_DATES)) return instant;
  return undefined;
}

/**
 * When the picture was taken: as recorded, and in UTC where the header tells it. A date of the exposure that cannot be
 * read is not replaced by the one of the file.
 */
export function recordTime(header: FitsHeader, record: CaptureRecord): void {
  const instant = exposureInstant(header, record);
  if (instant) {
    recordInstant(header, record, instant);
    return;
  }
  for (const local of dates(header, record, ['DATE-LOC'])) {
    record.set('datetime', local.time.local, local.source);
    return;
  }
  if ([...cardsOf(header, EXPOSURE_DATES)].length > 0) return;
  // DATE alone is when the file was written; with a time of day of its own it is when the picture was taken.
  const [card] = cardsOf(header, ['DATE']);
  const written = card && readDate(card);
  if (!card || !written || 'why' in written || written.value.hasTime) return;
  const dated = withClock(header, record, {
    time: written.value,
    comments: card.comment,
    source: 'FITS DATE',
  });
  if (dated.time.hasTime) recordInstant(header, record, dated);
}
