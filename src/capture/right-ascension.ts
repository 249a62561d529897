import { commentUnit } from './comment-unit.js';
import type { Card } from './fits-card.js';
import type { Reading } from './reading.js';
import { parseAngle } from './sexagesimal.js';
import { isPlaceholder, UNKNOWN } from './text.js';
import { convert, unitOf } from './units.js';

/** Degrees of a right ascension, as far as the unit is known. */
export interface RightAscension {
  /** Every value that it can have, degrees in [0, 360); the likeliest first. */
  degrees: number[];
  /** It was understood as decimal hours. */
  decimalHours?: boolean;
  /** Why more than one value is possible, or the only one is not certain. */
  doubt?: string;
}

export type RaUnit = 'hours' | 'degrees';

const HOURS_PER_TURN = 24;
/** Without the noise of the last digits. */
const fromHours = (hours: number) => Number((hours * 15).toPrecision(14));
const wrap = (degrees: number) => (degrees < 0 ? degrees + 360 : (degrees % 360) + 0);

function certain(degrees: number, decimalHours = false): Reading<RightAscension> {
  if (!(degrees >= -180 && degrees <= 360)) return { why: 'no right ascension' };
  return { value: { degrees: [wrap(degrees)], ...(decimalHours && { decimalHours }) } };
}
const doubtful = (doubt: string, ...degrees: number[]): Reading<RightAscension> => ({
  value: { degrees: degrees.map(wrap), doubt },
});

/**
 * Right ascension in degrees. The unit is the one that the text or the comment names; else hours where it is
 * sexagesimal; else `customary`, the one of the keyword or the program; and beyond 24 it can only be degrees. Where
 * nothing tells it, or two things contradict, both are possible.
 */
export function readRightAscension({ value, comment }: Card, customary?: RaUnit): Reading<RightAscension> {
  if (typeof value !== 'number' && typeof value !== 'string') return { why: 'no angle' };
  if (typeof value === 'string' && isPlaceholder(value)) return { why: UNKNOWN };
  const angle = typeof value === 'number' ? { value, parts: 1, unit: undefined } : parseAngle(value);
  if (!angle || !Number.isFinite(angle.value)) return { why: 'no angle' };
  const stated = commentUnit('angle', comment);
  const { value: number, parts } = angle;
  const inHours = number >= 0 && number <= HOURS_PER_TURN;
  const named = stated && 'value' in stated ? stated.value.name : undefined;
  const unit = angle.unit ?? unitName(named);
  if (parts === 1 && !unit && named !== undefined) return certain(inDegrees(number, named));
  if (parts === 1 && !unit && inHours && stated && 'why' in stated) {
    return doubtful(stated.why, number, fromHours(number));
  }
  if (unit === 'hours' || (!unit && parts > 1)) {
    if (inHours) return certain(fromHours(number), parts === 1);
    if (unit === 'hours') return doubtful('it is said to be in hours, and there are no more than 24', number);
    return number < 0 ? { why: 'no right ascension' } : certain(number);
  }
  if (!inHours) return certain(number);
  if (parts > 1)
    return doubtful('it is written as hours, and its comment says degrees', fromHours(number), number);
  if (unit === 'degrees' || customary === 'degrees') return certain(number);
  if (customary === 'hours') return certain(fromHours(number), true);
  return doubtful('nothing tells whether it is in hours or degrees', number, fromHours(number));
}

function unitName(name: string | undefined): RaUnit | undefined {
  return name === 'h' ? 'hours' : name === 'deg' ? 'degrees' : undefined;
}

function inDegrees(value: number, name: string): number {
  const [from, to] = [unitOf('angle', name), unitOf('angle', 'deg')];
  return from && to ? convert(value, from, to) : value;
}
