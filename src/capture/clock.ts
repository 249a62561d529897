/** A time of day as it is written. */
export interface WrittenClock {
  hours: number;
  minutes: number;
  /** 60 in a leap second, or where a program rounds up. */
  seconds: number;
  /** With its point: `.25`; empty without decimals. */
  fraction: string;
  /** Minutes east of UTC, or `local` for a clock whose zone is not known; `undefined` when the text says nothing. */
  zone?: number | 'local';
}

const COLONS = /^(\d{1,2})\s*[:hH]\s*(\d{1,2})(?:\s*[:mM]\s*(\d{1,2})(?:[.,:](\d*))?)?\s*[mMsS]?$/;
const BLANKS = /^(\d{1,2})[\s.](\d{1,2})[\s.](\d{1,2})(?:[.,](\d*))?$/;
const COMPACT = /^(\d{2})(\d{2})(\d{2})(?:[.,](\d*))?$/;
/** Of text in which every gap is one space. */
const HALF_DAY = /([AP])\.?\s?M\.?$/i;
const UTC_NAME = /(?:Z|UTC?|GMT)$/i;
const OFFSET = /(?:UTC?|GMT|Z)?\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?$/i;
const LOCAL_NAME = /\s\(?(?:local(?:\stime)?|LT|[A-Z]{2,4}T|MEZ|MESZ)\)?$/i;
const MAX_OFFSET_MINUTES = 14 * 60;
const MAX_DECIMALS = 9;

const withPlainGaps = (text: string) => text.trim().replace(/\s+/g, ' ');

/** Minutes east of UTC of an offset that was matched; `undefined` beyond ±14:00, where no zone of Earth is. */
function minutesEast([, sign, hours, minutes = '0']: RegExpExecArray): number | undefined {
  const total = Number(hours) * 60 + Number(minutes);
  if (total > MAX_OFFSET_MINUTES || Number(minutes) > 59) return undefined;
  return sign === '-' ? -total : total;
}

/** Minutes east of UTC of `+02:00`, `-0730`, `+5` or `Z`; `undefined` for anything else, also beyond ±14:00. */
export function parseZone(text: string): number | undefined {
  const trimmed = withPlainGaps(text);
  if (UTC_NAME.exec(trimmed)?.index === 0) return 0;
  const offset = OFFSET.exec(trimmed);
  return offset?.index === 0 ? minutesEast(offset) : undefined;
}

/** Cuts the zone from the end of a time of day. An offset that no zone has makes the clock a local one. */
function cutZone(text: string): { text: string; zone?: number | 'local' } {
  const before = ({ index }: RegExpExecArray) => text.slice(0, index).trimEnd();
  const utc = UTC_NAME.exec(text);
  if (utc) return { text: before(utc), zone: 0 };
  const offset = OFFSET.exec(text);
  if (offset) return { text: before(offset), zone: minutesEast(offset) ?? 'local' };
  const local = HALF_DAY.test(text) ? null : LOCAL_NAME.exec(text);
  return local ? { text: before(local), zone: 'local' } : { text };
}

/**
 * Reads a time of day: `23:45:00.5`, `9: 9: 1`, `23 45 00`, `234500`, `11:45 PM`, `23h45m`, with a zone behind it or
 * none. Hour 24 and second 60 are kept. `undefined` for anything else.
 */
export function parseClock(text: string): WrittenClock | undefined {
  const { text: withoutZone, zone } = cutZone(withPlainGaps(text));
  const half = HALF_DAY.exec(withoutZone);
  const digits = withoutZone.slice(0, half?.index).trim();
  const found = COLONS.exec(digits) ?? BLANKS.exec(digits) ?? COMPACT.exec(digits);
  if (!found) return undefined;
  const [written = 0, minutes = 0, seconds = 0] = found.slice(1, 4).map((part) => Number(part ?? 0));
  const afternoon = half?.[1]?.toUpperCase() === 'P';
  // 12 AM is midnight and 12 PM noon; some programs write `23:45 PM`.
  if (half && !afternoon && written > 12) return undefined;
  const hours = !half ? written : (written % 12) + (afternoon ? 12 : 0);
  if (hours > 24 || minutes > 59 || seconds > 60 || (afternoon && written > 23)) return undefined;
  const decimals = (found[4] ?? '').slice(0, MAX_DECIMALS);
  return {
    hours,
    minutes,
    seconds,
    fraction: decimals === '' ? '' : `.${decimals}`,
    ...(zone !== undefined && { zone }),
  };
}
