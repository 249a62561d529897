import { AstroTime } from 'astronomy-engine';

/** An instant, as a clock shows it and as bodies move by it. */
export interface Moment {
  /** Milliseconds of UTC since 1970. */
  ms: number;
  /** Days of Terrestrial Time since J2000.0. */
  tt: number;
}

const DAY_MS = 86_400_000;
const J2000_MS = Date.UTC(2000, 0, 1, 12);
const TT_MINUS_TAI = 32.184;

/** TAI − UTC began with 10 s in 1972; each date is the first day after a leap second (IERS Bulletin C). */
const LEAPS = [
  '1972-07-01',
  '1973-01-01',
  '1974-01-01',
  '1975-01-01',
  '1976-01-01',
  '1977-01-01',
  '1978-01-01',
  '1979-01-01',
  '1980-01-01',
  '1981-07-01',
  '1982-07-01',
  '1983-07-01',
  '1985-07-01',
  '1988-01-01',
  '1990-01-01',
  '1991-01-01',
  '1992-07-01',
  '1993-07-01',
  '1994-07-01',
  '1996-01-01',
  '1997-07-01',
  '1999-01-01',
  '2006-01-01',
  '2009-01-01',
  '2012-07-01',
  '2015-07-01',
  '2017-01-01',
].map((day) => Date.parse(day));
const FIRST_LEAP_MS = Date.UTC(1972, 0, 1);

/** TT − UTC in seconds; before UTC was what it is, TT − UT by the polynomials of Espenak and Meeus. */
function terrestrialMinusUtc(ms: number): number {
  if (ms >= FIRST_LEAP_MS) return TT_MINUS_TAI + 10 + LEAPS.filter((leap) => leap <= ms).length;
  const { ut, tt } = new AstroTime(new Date(ms));
  return (tt - ut) * 86_400;
}

/** @param ms milliseconds of UTC since 1970 */
export function momentOf(ms: number): Moment {
  return { ms, tt: (ms - J2000_MS + terrestrialMinusUtc(ms) * 1000) / DAY_MS };
}

/** @param days later */
export const later = ({ ms, tt }: Moment, days: number): Moment => ({
  ms: ms + days * DAY_MS,
  tt: tt + days,
});
