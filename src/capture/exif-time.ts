import { parseTime, parseZone, toUtc } from './dates.js';
import type { ExifTags } from './exif-tags.js';
import type { CaptureRecord } from './record.js';

interface DateTag {
  name: string;
  tag: number;
  subSeconds: number;
  offset: number;
  /** Whether it tells when the picture was taken, and not only when the file was changed. */
  ofCapture: boolean;
}

const DATE_TAGS: readonly DateTag[] = [
  { name: 'DateTimeOriginal', tag: 0x9003, subSeconds: 0x9291, offset: 0x9011, ofCapture: true },
  { name: 'CreateDate', tag: 0x9004, subSeconds: 0x9292, offset: 0x9012, ofCapture: true },
  { name: 'ModifyDate', tag: 0x0132, subSeconds: 0x9290, offset: 0x9010, ofCapture: false },
];
const GPS_DATE = 0x001d;
/** The largest difference between a local clock and UTC, and as much again for a camera that travelled. */
const MAX_ZONE_HOURS = 26;

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
}

/** When the GPS receiver says that it was, which is UTC. */
function gpsInstant({ gps, text }: ExifTags): string | undefined {
  const date = parseTime(text(GPS_DATE) ?? '');
  const [hours, minutes, seconds] = numbers(gps.GPSTimeStamp);
  if (!date || date.hasTime || !(hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60)) return undefined;
  if (!(seconds >= 0 && seconds < 60)) return undefined;
  const instant = new Date(
    Date.parse(`${date.local}T00:00:00Z`) + Math.round((hours * 3600 + minutes * 60 + seconds) * 1000),
  );
  return instant.toISOString().replace('.000Z', 'Z');
}

/** EXIF times are the camera's clock, wherever that stood; UTC is known with an offset beside it, or from GPS. */
export function recordExifTime(tags: ExifTags, record: CaptureRecord): void {
  for (const { name, tag, subSeconds, offset, ofCapture } of DATE_TAGS) {
    const written = tags.text(tag)?.trim() ?? '';
    // Blanks and zeros are how a camera says that its clock was never set.
    if (/^[0: -]*$/.test(written)) continue;
    const time = parseTime(written);
    if (!time) {
      record.note(`EXIF ${name} '${written}' is no date; it is left out`);
      continue;
    }
    const digits =
      time.hasTime && !time.local.includes('.') ? /^\d+/.exec(tags.text(subSeconds) ?? '')?.[0] : undefined;
    const local = digits ? `${time.local}.${digits}` : time.local;
    record.set('datetime', local, `EXIF ${name}`);
    const zone = parseZone(tags.text(offset) ?? '') ?? time.zoneMinutes;
    if (ofCapture && time.hasTime && zone !== undefined) {
      record.set(
        'datetime_utc',
        toUtc(local, zone),
        `EXIF ${name}, ${name.replace('DateTime', 'OffsetTime')}`,
      );
    }
    break;
  }
  const instant = gpsInstant(tags);
  if (instant === undefined) return;
  const { datetime } = record.capture();
  const hoursApart = datetime
    ? Math.abs(Date.parse(instant) - Date.parse(`${datetime.slice(0, 19)}Z`)) / 3_600_000
    : 0;
  if (hoursApart <= MAX_ZONE_HOURS) record.set('datetime_utc', instant, 'EXIF GPSDateStamp, GPSTimeStamp');
  else record.note(`EXIF GPS time ${instant} is far from the camera's ${datetime}; it is left out`);
}
