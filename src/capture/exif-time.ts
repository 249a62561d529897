import { parseClock, parseZone } from './clock.js';
import { type DateHabits, parseTime, toUtc, type WrittenTime } from './dates.js';
import type { ExifTags } from './exif-tags.js';
import type { Reading } from './reading.js';
import type { CaptureRecord } from './record.js';
import { neverSet } from './unset-clock.js';

interface DateTag {
  name: string;
  tag: number;
  subSeconds: number;
  offset: number;
}

/** Of the exposure; then ModifyDate, which tells when the file was changed. */
const EXPOSURE_DATES: readonly DateTag[] = [
  { name: 'DateTimeOriginal', tag: 0x9003, subSeconds: 0x9291, offset: 0x9011 },
  { name: 'CreateDate', tag: 0x9004, subSeconds: 0x9292, offset: 0x9012 },
];
const MODIFY_DATE: DateTag = { name: 'ModifyDate', tag: 0x0132, subSeconds: 0x9290, offset: 0x9010 };
const OFFSET_NAMES: Readonly<Record<string, string>> = {
  DateTimeOriginal: 'OffsetTimeOriginal',
  CreateDate: 'OffsetTimeDigitized',
  ModifyDate: 'OffsetTime',
};
const GPS_TIME = 0x0007;
const GPS_DATE = 0x001d;
/** Phones write hour 24 for the hour after midnight, and the day that has begun beside it. */
const HABITS: DateHabits = { order: 'unknown', midnightEndsDay: false };
/** The largest difference between a local clock and UTC, and as much again for a camera that travelled. */
const MAX_ZONE_HOURS = 26;

function writtenIn(tags: ExifTags, tag: number): string {
  return tags.text(tag)?.trim() ?? '';
}

/** A date with the fraction of a second that stands under a tag of its own. */
function readDate(tags: ExifTags, { tag, subSeconds }: DateTag): Reading<WrittenTime> {
  const time = parseTime(writtenIn(tags, tag), HABITS);
  if (!time || 'why' in time || !time.value.hasTime || time.value.local.includes('.')) return time;
  const digits = /^\d{1,9}/.exec(writtenIn(tags, subSeconds))?.[0];
  return digits ? { value: { ...time.value, local: `${time.value.local}.${digits}` } } : time;
}

/** The offset from UTC that belongs to a date, and where it stands. */
function readOffset(
  tags: ExifTags,
  date: DateTag,
  record: CaptureRecord,
): { zone: number; source: string } | undefined {
  const written = writtenIn(tags, date.tag);
  // The offset of another date counts where both are one moment of one clock.
  const same = [...EXPOSURE_DATES, MODIFY_DATE].filter(
    (other) => other === date || writtenIn(tags, other.tag) === written,
  );
  const ordered = [date, ...same.filter((other) => other !== date)];
  for (const { name, offset } of ordered) {
    const text = writtenIn(tags, offset);
    if (/^[:\s]*$/.test(text)) continue;
    const key = OFFSET_NAMES[name] ?? name;
    const zone = record.read({
      key: `EXIF ${key}`,
      written: text,
      read: (): Reading<number> => {
        const minutes = parseZone(text);
        return minutes === undefined ? { why: 'no offset from UTC within 14 hours' } : { value: minutes };
      },
    });
    if (zone) return { zone: zone.value, source: key };
  }
  return undefined;
}

/** Fills `datetime`, and `datetime_utc` where the zone is known; says whether a date was there, readable or not. */
function recordExposureDate(tags: ExifTags, record: CaptureRecord): boolean {
  let there = false;
  for (const date of EXPOSURE_DATES) {
    const written = writtenIn(tags, date.tag);
    there ||= !/^[: /-]*$/.test(written);
    const key = `EXIF ${date.name}`;
    const time = record.read({ key, written, read: () => readDate(tags, date) });
    if (!time) continue;
    record.set('datetime', time.value.local, key);
    if (!time.value.hasTime) return true;
    const { zone: ownZone } = time.value;
    const offset = readOffset(tags, date, record);
    const zone = typeof ownZone === 'number' ? ownZone : offset?.zone;
    if (typeof ownZone === 'number' && offset && offset.zone !== ownZone) {
      record.note(key, written, `it and ${offset.source} name two zones`);
      return true;
    }
    const utc = zone === undefined ? undefined : toUtc(time.value.local, zone);
    if (utc !== undefined) record.set('datetime_utc', utc, offset ? `${key}, ${offset.source}` : key);
    return true;
  }
  return there;
}

function gpsClock(tags: ExifTags): { hours: number; minutes: number; seconds: number } | undefined {
  const { GPSTimeStamp: written } = tags.gps;
  if (!Array.isArray(written)) return parseClock(tags.gpsText(GPS_TIME) ?? '');
  const [hours, minutes, seconds] = written.map((part) => (typeof part === 'number' ? part : Number.NaN));
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  const sensible = hours >= 0 && hours <= 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 61;
  return sensible ? { hours, minutes, seconds } : undefined;
}

/** When the GPS receiver says that it was, which is UTC. */
function readGpsInstant(tags: ExifTags, datetime: string | undefined): Reading<string> {
  const date = parseTime(tags.gpsText(GPS_DATE) ?? '', HABITS);
  if (!date || 'why' in date) return date;
  const clock = gpsClock(tags);
  if (!clock) return { why: 'its time of day cannot be read' };
  const { hours, minutes, seconds } = clock;
  const midnight = Date.parse(`${date.value.local.slice(0, 10)}T00:00:00Z`);
  const milliseconds = Math.round(((hours % 24) * 3600 + minutes * 60 + seconds) * 1000);
  const instant = new Date(midnight + milliseconds).toISOString().replace('.000Z', 'Z');
  const unset = neverSet(instant.slice(0, -1));
  if (unset !== undefined) return { why: unset };
  const local = datetime === undefined ? undefined : toUtc(datetime.slice(0, 19), 0);
  const hoursApart = local ? Math.abs(Date.parse(instant) - Date.parse(local)) / 3_600_000 : 0;
  return hoursApart <= MAX_ZONE_HOURS
    ? { value: instant }
    : { why: `it is far from ${datetime}, the time of the camera` };
}

/**
 * EXIF times are the camera's clock, wherever that stood; UTC is known with an offset beside it, or from GPS. The date of
 * the last change serves only where no date of the exposure is there, and tells nothing of UTC.
 */
export function recordExifTime(tags: ExifTags, record: CaptureRecord): void {
  if (!recordExposureDate(tags, record)) {
    const written = writtenIn(tags, MODIFY_DATE.tag);
    const key = `EXIF ${MODIFY_DATE.name}`;
    const time = record.read({ key, written, read: () => readDate(tags, MODIFY_DATE) });
    if (time) record.set('datetime', time.value.local, key);
  }
  if (record.has('datetime_utc')) return;
  const key = 'EXIF GPSDateStamp, GPSTimeStamp';
  const written = `${tags.gpsText(GPS_DATE) ?? ''} ${String(tags.gps.GPSTimeStamp ?? '')}`;
  const instant = record.read({ key, written, read: () => readGpsInstant(tags, record.capture().datetime) });
  if (instant) record.set('datetime_utc', instant.value, key);
}
