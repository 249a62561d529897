/** A number as it is written, and the text behind it. */
export interface WrittenNumber {
  /** Everything that it can mean: `1,500` is 1.5 or 1500. */
  values: number[];
  /** What stands behind the digits, trimmed: mostly a unit. */
  rest: string;
}

const SPACES = ' \u00a0\u202f';
const NUMBER = new RegExp(
  `^([+-]?)[${SPACES}]*((?:\\d|[.,'’${SPACES}](?=\\d))+)[.,]?(?:[EeDd]([+-]?\\d{1,3})(?![\\dA-Za-z]))?[${SPACES}]*(.*)$`,
  's',
);
const FRACTION = /^([+-]?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)\s*([^\d/].*)?$/s;
const DURATION = /^(\d{1,3}):([0-5]?\d):([0-5]?\d(?:\.\d+)?)$/;

/** Whether every group of digits behind the first has three, as thousands marks leave them. */
function grouped(text: string, mark: string): boolean {
  const [first = '', ...others] = text.split(mark);
  return first.length >= 1 && first.length <= 3 && others.every((group) => /^\d{3}$/.test(group));
}

/** The numbers that digits with points, commas, apostrophes and spaces between them can stand for. */
function meaningsOf(digits: string): number[] {
  const marks = digits.match(new RegExp(`['’${SPACES}]`, 'g'));
  if (marks) {
    const [whole = '', fraction] = digits.split(/[.,](?=\d*$)/);
    const mark = marks[0];
    if (!grouped(whole, mark) || whole.startsWith('0')) return [];
    return [Number(`${whole.replaceAll(mark, '')}.${fraction ?? 0}`)];
  }
  const points = digits.split('.').length - 1;
  const commas = digits.split(',').length - 1;
  if (commas === 0 && points <= 1) return [Number(digits)];
  if (commas === 0 || points === 0) {
    const mark = commas === 0 ? '.' : ',';
    const asGroups = grouped(digits, mark) && !digits.startsWith('0');
    const meanings = asGroups ? [Number(digits.replaceAll(mark, ''))] : [];
    return points + commas === 1 ? [Number(digits.replace(mark, '.')), ...meanings] : meanings;
  }
  const decimal = digits.lastIndexOf('.') > digits.lastIndexOf(',') ? '.' : ',';
  const thousands = decimal === '.' ? ',' : '.';
  const [whole = '', fraction = '', ...more] = digits.split(decimal);
  if (more.length > 0 || !grouped(whole, thousands)) return [];
  return [Number(`${whole.replaceAll(thousands, '')}.${fraction}`)];
}

/**
 * Reads a number in the writings met in headers: `1.5E2`, `1.5D2`, decimal commas, thousands marks, `1/60`; with a unit
 * or anything else behind it. `undefined` when the text does not begin with a number.
 */
export function parseNumber(text: string): WrittenNumber | undefined {
  const trimmed = text.trim().replace(/^([+-]?)\u2212/, '$1-');
  const fraction = FRACTION.exec(trimmed);
  if (fraction) {
    const value = Number(fraction[1]) / Number(fraction[2]);
    return { values: Number.isFinite(value) ? [value] : [], rest: (fraction[3] ?? '').trim() };
  }
  const found = NUMBER.exec(trimmed);
  if (!found) return undefined;
  const [, sign, digits = '', exponent, rest = ''] = found;
  const factor = (sign === '-' ? -1 : 1) * 10 ** Number(exponent ?? 0);
  const values = meaningsOf(digits)
    // Through the text of the exponent, so that 1.5E-3 is the double that it is everywhere else.
    .map((value) => (exponent === undefined ? value * factor : Number(`${sign}${value}E${exponent}`)))
    .filter(Number.isFinite);
  return { values, rest: rest.trim() };
}

/** Seconds of a duration that is written as `hh:mm:ss`. */
export function parseDuration(text: string): number | undefined {
  const found = DURATION.exec(text.trim());
  return found ? Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]) : undefined;
}
