import { commentUnit } from './comment-unit.js';
import { parseDuration, parseNumber } from './numbers.js';
import { type Bounds, type Reading, understood, within } from './reading.js';
import { isPlaceholder, UNKNOWN } from './text.js';
import { convert, type Dimension, type Unit, unitOf } from './units.js';

/** How a number that a file holds is understood. */
export interface Quantity {
  /** Bounds of the result, in its unit. */
  bounds: Bounds;
  /** Only whole numbers make sense. */
  whole?: boolean;
  /** Numbers that stand for a value that is not known, as written. */
  unknown?: readonly number[];
  /** Text that programs write before the number: `f/` before 5.6. */
  prefix?: RegExp;
  /** What it measures; a plain number without it. */
  measure?: Measure;
}

export interface Measure {
  dimension: Dimension;
  /** Of the result. */
  unit: string;
  /** Of a value beside which no unit stands; without it, such a value is left out. */
  customary?: string;
}

/** A value as a file holds it, and the comment beside it. */
export interface RawValue {
  value: unknown;
  comment?: string;
}

/** The unit beside a value: behind its digits, or in the comment. Where both say something, they must agree. */
function unitBeside(dimension: Dimension, rest: string, comment: string): Reading<Unit> {
  const behind = rest === '' ? undefined : unitOf(dimension, rest.replace(/^\[(.*)\]$/, '$1'));
  if (rest !== '' && !behind) return { why: `"${rest}" behind the number is no unit that is known here` };
  const told = commentUnit(dimension, comment);
  if (!behind || (told && 'why' in told)) return told;
  if (told && told.value.name !== behind.name) {
    return { why: `it is written in ${behind.name}, and its comment says ${told.value.name}` };
  }
  return { value: behind };
}

function sensible(values: readonly number[], { bounds, whole }: Quantity): Reading<number> {
  if (whole && !values.some(Number.isInteger)) return { why: 'no whole number' };
  const kept = [...new Set(values.filter((value) => within(value, bounds)))];
  const [value, other] = kept;
  if (other !== undefined) return { why: `it can mean ${value} or ${other}` };
  // -0 is 0, which JSON writes of both.
  if (value !== undefined) return { value: value + 0 };
  return { why: values.length === 0 ? 'no number' : `beyond what makes sense, ${bounds[0]} to ${bounds[1]}` };
}

/**
 * Reads a number with its unit: `530.`, `'530mm'`, `0.53 / [m]`, `'60,5'`. A text that stands for an unknown value, a
 * number that does, a unit that contradicts and a value beyond its bounds are left out.
 */
export function readQuantity({ value: raw, comment = '' }: RawValue, quantity: Quantity): Reading<number> {
  if (raw === undefined || raw === null) return undefined;
  if (typeof raw !== 'string' && typeof raw !== 'number') return { why: 'no number' };
  const text = String(raw).trim();
  if (text === '') return undefined;
  if (isPlaceholder(text)) return { why: UNKNOWN };
  const { prefix, measure, unknown = [] } = quantity;
  const bare = prefix ? text.replace(prefix, '') : text;
  const duration = measure?.dimension === 'time' ? parseDuration(bare) : undefined;
  if (duration !== undefined) return sensible([duration], quantity);
  const written = typeof raw === 'number' ? { values: [raw], rest: '' } : parseNumber(bare);
  if (!written || written.values.length === 0) return { why: 'no number' };
  if (written.values.some((value) => unknown.includes(value))) {
    return { why: UNKNOWN };
  }
  if (!measure) {
    if (!/^[a-zµ°%"/ -]{0,12}$/i.test(written.rest)) return { why: 'no number' };
    return sensible(written.values, quantity);
  }
  const stated = unitBeside(measure.dimension, written.rest, comment);
  if (stated && 'why' in stated) return stated;
  const customary =
    measure.customary === undefined ? undefined : unitOf(measure.dimension, measure.customary);
  const [from, to] = [stated?.value ?? customary, unitOf(measure.dimension, measure.unit)];
  if (!from || !to) return { why: 'it does not say its unit' };
  const reading = sensible(
    written.values.map((value) => convert(value, from, to)),
    quantity,
  );
  return understood(reading) && from.name !== customary?.name ? { ...reading, unit: from.name } : reading;
}
