import type { Reading } from './reading.js';
import { type Dimension, isUnit, type Unit, unitOf } from './units.js';

/** FITS 4.0, 4.3.2: the unit stands in square brackets at the start of the comment. */
const BRACKETED = /^\s*\[([^\]]*)\]/;
const IN_UNIT =
  /\b(?:in|unit|units|units of|unit is|in units of)[\s:=]+((?:deg(?:ree)?s?\.? ?)?[^\s,;()[\]/]+)/gi;
const PARENTHESIZED = /[([]([^()[\]]+)[)\]]/g;
const LAST = /[,;:/-]\s*((?:deg(?:ree)?s?\.? ?)?[^\s,;:/()[\]-]+)\s*\.?$/i;
/** Symbols of these may stand for something else at the edge of a sentence: `in` and `min` are words. */
const EDGE_SYMBOL =
  /^(?:mm|cm|dm|km|um|[µμ]m|ms|us|[µμ]s|sec|secs|msec|usec|hrs|ft|deg|rad|arcmin|arcsec|deg[cfk])$/i;

/** The units that the prose of a comment names, the ones of a plain form first. */
function unitsInProse(dimension: Dimension, comment: string): Unit[] {
  const whole = unitOf(dimension, comment);
  if (whole) return [whole];
  const named = [
    ...[...comment.matchAll(PARENTHESIZED)].map(([, name = '']) => name.trim()),
    ...[...comment.matchAll(IN_UNIT)].map(([, name = '']) => name),
    LAST.exec(comment)?.[1] ?? '',
  ];
  const plain = named.flatMap((name) => unitOf(dimension, name) ?? []);
  if (plain.length > 0) return plain;
  const words = comment.split(/[\s,;:/()[\]]+/).filter((word) => word !== '');
  // Two words first: the degrees of `degrees F` are no unit of their own.
  const pairs = words.slice(1).flatMap((word, i) => unitOf(dimension, `${words[i]} ${word}`) ?? []);
  if (pairs.length > 0) return pairs;
  const single = words.flatMap((word, i) => {
    const edge = (i === 0 || i === words.length - 1) && EDGE_SYMBOL.test(word);
    const unit = unitOf(dimension, word.replace(/\.$/, ''));
    return unit && (unit.word || edge) ? [unit] : [];
  });
  // Of temperatures, the degree gives way to the scale that is named beside it.
  const scales = single.filter(({ name }) => name !== 'degC');
  return dimension === 'temperature' && scales.length > 0 ? scales : single;
}

/** A unit of another kind that is plainly the one of the value: in parentheses, or behind `in`. */
function foreignUnit(dimension: Dimension, comment: string): string | undefined {
  const named = [
    comment.trim(),
    ...[...comment.matchAll(PARENTHESIZED)].map(([, name = '']) => name.trim()),
    ...[...comment.matchAll(IN_UNIT)].map(([, name = '']) => name),
  ];
  return named.find((name) => name.length > 2 && !unitOf(dimension, name) && isUnit(name));
}

function agreed(units: readonly Unit[]): Reading<Unit> {
  const [first, ...others] = units;
  if (!first) return undefined;
  const other = others.find(({ name }) => name !== first.name);
  return other ? { why: `its comment names two units, ${first.name} and ${other.name}` } : { value: first };
}

/**
 * The unit that the comment of a FITS card gives to its value: in brackets, as the standard has it, or in words, as
 * programs do. `undefined` when it names none; left out when it names one of another kind, an unknown or more than one.
 */
export function commentUnit(dimension: Dimension, comment: string): Reading<Unit> {
  const bracketed = BRACKETED.exec(comment);
  const prose = agreed(unitsInProse(dimension, bracketed ? comment.slice(bracketed[0].length) : comment));
  const name = bracketed?.[1]?.trim() ?? '';
  if (name === '') {
    const foreign = prose ? undefined : foreignUnit(dimension, comment);
    return foreign ? { why: `the unit ${foreign} does not measure ${MEASURED[dimension]}` } : prose;
  }
  const [firstWord = ''] = name.split(/[\s,;/]+/);
  const unit = unitOf(dimension, name) ?? unitOf(dimension, firstWord);
  if (unit) {
    if (prose && 'value' in prose) return agreed([unit, prose.value]);
    return { value: unit };
  }
  if (isUnit(name)) return { why: `the unit [${name}] does not measure ${MEASURED[dimension]}` };
  if (/^[a-zµμ]{1,12}$/i.test(name)) return { why: `the unit [${name}] is not known` };
  return prose;
}

const MEASURED: Readonly<Record<Dimension, string>> = {
  time: 'a time',
  length: 'a length',
  temperature: 'a temperature',
  angle: 'an angle',
};
