import { commentUnit } from './comment-unit.js';
import type { RawValue } from './quantity.js';
import type { Reading } from './reading.js';
import { parseAngle, type WrittenAngle } from './sexagesimal.js';
import { isPlaceholder, UNKNOWN } from './text.js';
import { convert, type Unit, unitOf } from './units.js';

export type Axis = 'latitude' | 'longitude';

const LETTERS: Readonly<Record<Axis, string>> = { latitude: 'NS', longitude: 'EW' };
const LIMIT: Readonly<Record<Axis, number>> = { latitude: 90, longitude: 360 };
const LONG_NAMES = { N: 'north(?:ern)?', S: 'south(?:ern)?', E: 'east(?:ern)?', W: 'west(?:ern)?' } as const;

const names = (letter: keyof typeof LONG_NAMES) => `(?:${LONG_NAMES[letter]}|${letter})`;
const positive = (letter: keyof typeof LONG_NAMES) =>
  new RegExp(
    `\\b${names(letter)}[\\s-]*(?:is\\s+)?(?:positive|\\+)|(?:positive\\s+|\\+\\s?)(?:to\\s+)?${names(letter)}\\b`,
    'i',
  );
const negative = (letter: keyof typeof LONG_NAMES) =>
  new RegExp(
    `\\b${names(letter)}\\s*(?:is\\s+)?(?:negative|-(?![a-z]))|(?:negative\\s+|(?<![a-z])-\\s?)(?:to\\s+)?${names(letter)}\\b`,
    'i',
  );
/** `[deg west]`, `(W)`, `degrees W`, `west longitude`. */
const counted = (letter: keyof typeof LONG_NAMES) =>
  new RegExp(`\\b${LONG_NAMES[letter]}\\b|(?:\\bdeg(?:ree)?s?\\b\\.?|°|[[(])\\s*${letter}\\b`, 'i');

const AXES = {
  latitude: { up: 'N', down: 'S' },
  longitude: { up: 'E', down: 'W' },
} as const;

/** What the comment says of the sign: `-1` for values that grow southwards or westwards. */
function signOf(axis: Axis, value: number, comment: string): 1 | -1 {
  const { up, down } = AXES[axis];
  if (positive(down).test(comment) || negative(up).test(comment)) return -1;
  if (positive(up).test(comment) || negative(down).test(comment)) return 1;
  // A value that is negative already says a second time what the comment says.
  return counted(down).test(comment) && !counted(up).test(comment) && value > 0 ? -1 : 1;
}

/** Degrees of an angle in the unit that it or its comment names. */
function degreesOf({ value, parts, unit }: WrittenAngle, stated: Unit | undefined): number {
  const degrees = unitOf('angle', 'deg');
  const from = unit === 'hours' ? unitOf('angle', 'h') : unit === 'degrees' ? degrees : stated;
  // Minutes and seconds of a sexagesimal number make it one of degrees or hours and of nothing else.
  if (!from || !degrees || (parts > 1 && from.name !== 'h')) return value;
  return convert(value, from, degrees);
}

/**
 * A latitude or longitude of a FITS header in degrees, north and east positive, longitudes in (−180, 180]: decimal or
 * sexagesimal, in the unit and with the sign that the value and its comment tell.
 */
export function readCoordinate(axis: Axis, { value, comment = '' }: RawValue): Reading<number> {
  if (typeof value !== 'string' && typeof value !== 'number') return { why: 'no angle' };
  if (typeof value === 'string' && isPlaceholder(value)) return { why: UNKNOWN };
  const angle: WrittenAngle | undefined =
    typeof value === 'number' ? { value, parts: 1 } : parseAngle(value.trim());
  if (!angle) return { why: 'no angle' };
  const { hemisphere } = angle;
  if (hemisphere && !LETTERS[axis].includes(hemisphere)) return { why: `${hemisphere} is no ${axis}` };
  const stated = commentUnit('angle', comment);
  if (stated && 'why' in stated) return stated;
  const written = degreesOf(angle, stated?.value);
  const degrees = hemisphere ? written : written * signOf(axis, written, comment);
  if (!(Math.abs(degrees) <= LIMIT[axis])) return { why: `no ${axis} on Earth` };
  const turns = degrees > 180 ? -1 : degrees <= -180 ? 1 : 0;
  // Without the noise of the last digits; and -0 is 0.
  return { value: turns === 0 ? degrees + 0 : Number((degrees + 360 * turns).toFixed(10)) };
}
