/** Degrees. */
export const ARCMINUTE = 1 / 60;
export const ARCSECOND = 1 / 3600;
/** Of right ascension: the sky turns by 15° in an hour. */
export const HOUR = 15;
export const MINUTE_OF_TIME = HOUR / 60;
export const SECOND_OF_TIME = HOUR / 3600;

/** More decimals of a second than this are never written. */
const MAX_DECIMALS = 3;

/** `83.822` → `05h 35m 17.3s`; nothing finer than `step_deg` is written. */
export function formatRa(ra_deg: number, step_deg: number = SECOND_OF_TIME / 10): string {
  const units = step_deg >= HOUR ? ['h'] : step_deg >= MINUTE_OF_TIME ? ['h', 'm'] : ['h', 'm', 's'];
  return sexagesimal(ra_deg / HOUR, units, decimalsOf(step_deg / SECOND_OF_TIME), 24);
}

/** `-5.391` → `−05° 23′ 28″`; nothing finer than `step_deg` is written. */
export function formatDec(dec_deg: number, step_deg: number = ARCSECOND): string {
  const units = step_deg >= 1 ? ['°'] : step_deg >= ARCMINUTE ? ['°', '′'] : ['°', '′', '″'];
  const sign = dec_deg < 0 ? '−' : '+';
  return sign + sexagesimal(Math.abs(dec_deg), units, decimalsOf(step_deg / ARCSECOND));
}

/** Decimals of a second whose last digit is no finer than the step. */
function decimalsOf(seconds: number): number {
  return Math.max(0, Math.min(MAX_DECIMALS, Math.floor(-Math.log10(seconds) + 1e-9)));
}

/** Rounded in its last digit and carried over; every part has two digits before the point. `wrap` is a full turn. */
function sexagesimal(value: number, units: readonly string[], decimals: number, wrap?: number): string {
  const fraction = units.length === 3 ? 10 ** decimals : 1;
  const parts = fraction * 60 ** (units.length - 1);
  let rest = Math.round(value * parts);
  if (wrap !== undefined) rest = ((rest % (wrap * parts)) + wrap * parts) % (wrap * parts);
  const written: string[] = [];
  units.forEach((unit, i) => {
    const size = parts / 60 ** i;
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    const point = i === units.length - 1 && fraction > 1 ? `.${String(rest).padStart(decimals, '0')}` : '';
    written.push(`${String(whole).padStart(2, '0')}${point}${unit}`);
  });
  return written.join(' ');
}

/** A length on the sky in the unit that suits it, to three digits: `2.5°`, `15′`, `30″`. */
export function formatAngle(deg: number): string {
  const [value, unit] =
    deg >= 1 ? [deg, '°'] : deg >= ARCMINUTE ? [deg / ARCMINUTE, '′'] : [deg / ARCSECOND, '″'];
  return `${value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))}${unit}`;
}

/** A position angle of what is up, (−180, 180] degrees east of north: `up is 12.3° west of north`. */
export function formatUp(pa_deg: number): string {
  const turned = Number(pa_deg.toFixed(1));
  return turned === 0 ? 'north is up' : `up is ${Math.abs(turned)}° ${turned < 0 ? 'west' : 'east'} of north`;
}

const ROUND = [1, 2, 5, 10, 15, 30];
/** Angles that people count in, degrees, rising from 1″ to 30°. */
export const ROUND_ANGLES: readonly number[] = [ARCSECOND, ARCMINUTE, 1].flatMap((unit) =>
  ROUND.map((count) => count * unit),
);
/** The same for right ascension, in units of time: from 1s to 6h. */
export const ROUND_TIMES: readonly number[] = [
  ...[SECOND_OF_TIME, MINUTE_OF_TIME].flatMap((unit) => ROUND.map((count) => count * unit)),
  ...[1, 2, 3, 6].map((count) => count * HOUR),
];

/** The longest round angle up to `deg`; the shortest there is when all are longer. */
export function roundAngleUpTo(deg: number): number {
  return ROUND_ANGLES.findLast((angle) => angle <= deg) ?? ARCSECOND;
}
