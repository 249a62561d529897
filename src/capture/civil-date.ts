import type { Reading } from './reading.js';

/** A day of the calendar, and whatever stands behind it. */
export interface WrittenDay {
  year: number;
  month: number;
  day: number;
  rest: string;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const YEAR_FIRST = /^(\d{4})\s*[-/:.]\s*(\d{1,2})\s*[-/:.]\s*(\d{1,2})(?:[T\s_,]+(.*)|(?=\D)(.*))?$/is;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[T\s_-]*(\d{6}.*))?$/i;
const YEAR_LAST = /^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?:[T\s,]+(.*))?$/is;
const NAMED_DAY_FIRST =
  /^(?:[a-z]{3,9},?\s+)?(\d{1,2})[-\s./]+([a-z]{3,9})[-\s.,/]+(\d{4}|\d{2})(?:[T\s,]+(.*))?$/is;
const NAMED_MONTH_FIRST = /^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?:[T\s,]+(.*))?$/is;
/** `Sat Aug 22 23:08:19 2015`, as C's ctime writes it. */
const CTIME = /^(?:[a-z]{3},?\s+)?([a-z]{3})\s+(\d{1,2})\s+(\d\S*(?:\s\S+){0,2})\s+(\d{4})$/is;

/** Two digits meant 19yy when the FITS standard had them; programs that wrote them later meant 20yy. */
const fullYear = (written: string) =>
  written.length === 4 ? Number(written) : Number(written) + (Number(written) < 45 ? 2000 : 1900);

const monthOf = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** Which of two numbers is the day, where both can be. */
export type DayOrder = 'day-first' | 'month-first' | 'unknown';

function yearLast(found: RegExpExecArray, order: DayOrder): Reading<WrittenDay> {
  const [, first = '', second = '', year = '', rest = ''] = found;
  const [a, b] = [Number(first), Number(second)];
  const either = a <= 12 && b <= 12 && a !== b;
  if (either && order === 'unknown') return { why: 'it does not say which of its numbers is the month' };
  const monthFirst = b > 12 || (either && order === 'month-first');
  const [month, day] = monthFirst ? [a, b] : [b, a];
  return { value: { year: fullYear(year), month, day, rest } };
}

/** The day at the head of a text, whether the calendar has it or not; `undefined` when it does not begin with one. */
export function parseDay(text: string, order: DayOrder): Reading<WrittenDay> {
  const iso = YEAR_FIRST.exec(text) ?? COMPACT.exec(text);
  if (iso) {
    const [, year, month, day, rest, attached] = iso;
    return {
      value: { year: Number(year), month: Number(month), day: Number(day), rest: rest ?? attached ?? '' },
    };
  }
  const last = YEAR_LAST.exec(text);
  if (last) return yearLast(last, order);
  const named = NAMED_DAY_FIRST.exec(text);
  if (named) {
    const [, day, month = '', year = '', rest = ''] = named;
    return { value: { year: fullYear(year), month: monthOf(month), day: Number(day), rest } };
  }
  const monthFirst = NAMED_MONTH_FIRST.exec(text);
  if (monthFirst) {
    const [, month = '', day, year, rest = ''] = monthFirst;
    return { value: { year: Number(year), month: monthOf(month), day: Number(day), rest } };
  }
  const ctime = CTIME.exec(text);
  if (ctime) {
    const [, month = '', day, rest = '', year] = ctime;
    return { value: { year: Number(year), month: monthOf(month), day: Number(day), rest } };
  }
  return undefined;
}

/** Whether the calendar has that day. */
export function isCalendarDay({ year, month, day }: WrittenDay): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
