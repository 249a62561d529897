import type { FitsHeader } from '../fits/header.js';
import { fromMjd, isoClock, parseTime, toUtc, type WrittenTime } from './dates.js';
import type { CaptureRecord } from './record.js';

/** Start, then middle: when only the end is known, nothing is. */
const INSTANTS = ['DATE-OBS', 'DATE-BEG', 'DATE-AVG', 'DATE_OBS', 'DATEOBS'];
const CLOCKS = ['TIME-OBS', 'UT', 'UTC', 'UT-START', 'UTSTART', 'TIME-BEG', 'UTC-OBS', 'TIME_OBS', 'UTSTRT'];
const JULIAN: readonly { keyword: string; offset: number }[] = [
  { keyword: 'MJD-OBS', offset: 0 },
  { keyword: 'MJD-BEG', offset: 0 },
  { keyword: 'JD-OBS', offset: 2_400_000.5 },
  { keyword: 'JD', offset: 2_400_000.5 },
];

/** UTC unless the header names another time scale (FITS 4.0, 9.2.1). */
function isUtc(header: FitsHeader): boolean {
  return /^(UTC?|GMT)\b/i.test(header.string('TIMESYS') ?? 'UTC');
}

/** A date alone and the time of day that stands under a keyword of its own. */
function withClock(header: FitsHeader, time: WrittenTime): { time: WrittenTime; clock?: string } {
  if (time.hasTime) return { time };
  for (const keyword of CLOCKS) {
    const clock = isoClock(header.string(keyword) ?? '');
    if (clock !== undefined)
      return { time: { local: `${time.local}T${clock}`, hasTime: true }, clock: keyword };
  }
  return { time };
}

function recordInstant(header: FitsHeader, record: CaptureRecord, keyword: string): boolean {
  const text = header.string(keyword);
  if (text === undefined) return false;
  const written = parseTime(text);
  if (!written) {
    record.note(`FITS ${keyword} '${text}' is no date; it is left out`);
    return false;
  }
  const { time, clock } = withClock(header, written);
  const source = `FITS ${keyword}${clock ? `, ${clock}` : ''}`;
  record.set('datetime', time.local, source);
  if (!time.hasTime) return true;
  if (time.zoneMinutes !== undefined) record.set('datetime_utc', toUtc(time.local, time.zoneMinutes), source);
  else if (isUtc(header)) record.set('datetime_utc', toUtc(time.local, 0), source);
  return true;
}

export function recordTime(header: FitsHeader, record: CaptureRecord): void {
  for (const keyword of INSTANTS) if (recordInstant(header, record, keyword)) return;
  for (const { keyword, offset } of JULIAN) {
    const value = header.number(keyword);
    const instant = value === undefined ? undefined : fromMjd(value - offset);
    if (instant === undefined) continue;
    record.set('datetime', instant, `FITS ${keyword}`);
    if (isUtc(header)) record.set('datetime_utc', toUtc(instant, 0), `FITS ${keyword}`);
    return;
  }
  const local = parseTime(header.string('DATE-LOC') ?? '');
  if (local?.hasTime) {
    record.set('datetime', local.local, 'FITS DATE-LOC');
    return;
  }
  // DATE alone is when the file was written; with a time of day of its own it is when the picture was taken.
  const date = parseTime(header.string('DATE') ?? '');
  if (!date || date.hasTime) return;
  const { time, clock } = withClock(header, date);
  if (!clock) return;
  record.set('datetime', time.local, `FITS DATE, ${clock}`);
  if (isUtc(header)) record.set('datetime_utc', toUtc(time.local, 0), `FITS DATE, ${clock}`);
}
