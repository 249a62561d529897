/** An angle as it is written. */
export interface WrittenAngle {
  /** In the unit it was written in. */
  value: number;
  /** How many numbers it was made of: 1 for a decimal one. */
  parts: 1 | 2 | 3;
  /** When the text says so itself: `5h 34m`, `-5° 23'`. */
  unit?: 'hours' | 'degrees';
  hemisphere?: 'N' | 'S' | 'E' | 'W';
}

const SIGN = /^([+-])\s*/;
/** `N 51 30` and `51 30 N`, `51.5S`. */
const HEMISPHERE_BEFORE = /^(north|south|east|west|[NSEW])(?![a-z])[\s:]*/i;
const HEMISPHERE_BEHIND = /(north|south|east|west|[NSEW])$/i;
/** Longer than any angle is written. */
const MAX_CHARACTERS = 100;
/** A number and the mark behind it; degree signs are also written as `*` and `ß` (LX200 protocol). */
const FIELD =
  /^(\d+(?:\.\d*)?|\.\d+)\s*(h(?:ours?|rs?)?|d(?:eg(?:rees)?)?|[°º˚ß*:;/_-]|m(?:in)?|s(?:ec)?|['′’]{1,2}|["″”])?\s*/i;

/** One form for the separators that could be taken for decimal marks: `05.34.31.9`, `05,34,31`, `05:34:31:99`. */
function withPlainSeparators(text: string): string {
  return text
    .replace(/\u2212/g, '-')
    .replace(/^(\D*\d+)([.,])(\d+)\2(\d+)/, '$1 $3 $4')
    .replace(/^(\D*\d+):(\d+):(\d+):(\d+)$/, '$1:$2:$3.$4')
    .replace(/,(?=\d+\D*$)/, '.');
}

/** Takes the letter or word for a half of the globe off an angle. */
function cutHemisphere(text: string): { rest: string; letter?: string | undefined } {
  const before = HEMISPHERE_BEFORE.exec(text);
  if (before) return { rest: text.slice(before[0].length), letter: before[1]?.[0] };
  const behind = HEMISPHERE_BEHIND.exec(text);
  if (!behind) return { rest: text };
  const rest = text.slice(0, behind.index).trimEnd();
  // The last letter of `5h35m17s` stands for seconds.
  const isSeconds = /^s$/i.test(behind[0]) && /\d$/.test(rest) && /[hdm]/i.test(rest);
  return isSeconds ? { rest: text } : { rest, letter: behind[0][0] };
}

/**
 * Reads an angle in any common writing: `05 34 31.9`, `-5:23:28`, `-0 12 3`, `+51d03m00.0s`, `5h34m`, `51° 3'
 * 0" N`, `83.82`. South and west are negative; a minus before them says it twice. `undefined` when it is no angle, its
 * minutes or seconds are beyond 60, or the sign contradicts the letter.
 */
export function parseAngle(text: string): WrittenAngle | undefined {
  const written = text.trim();
  if (written.length > MAX_CHARACTERS) return undefined;
  const { rest: angle, letter } = cutHemisphere(withPlainSeparators(written));
  const hemisphere = letter?.toUpperCase() as WrittenAngle['hemisphere'];
  let rest = angle;
  let negative = hemisphere === 'S' || hemisphere === 'W';
  const sign = SIGN.exec(rest);
  if (sign) {
    if (hemisphere && !negative && sign[1] === '-') return undefined;
    negative ||= sign[1] === '-';
    rest = rest.slice(sign[0].length);
  }
  const fields: number[] = [];
  let unit: WrittenAngle['unit'];
  while (rest !== '') {
    const found = FIELD.exec(rest);
    if (!found || fields.length === 3) return undefined;
    // Only the last number may have a fraction: `5.5 30 0` is a slip of the pen.
    if (fields.some((field) => !Number.isInteger(field))) return undefined;
    const mark = found[2]?.toLowerCase() ?? '';
    if (fields.length === 0 && mark.startsWith('h')) unit = 'hours';
    if (fields.length === 0 && /^[d°º˚ß*]/.test(mark)) unit = 'degrees';
    fields.push(Number(found[1]));
    rest = rest.slice(found[0].length);
  }
  const [whole, minutes = 0, seconds = 0] = fields;
  if (whole === undefined || minutes > 60 || seconds > 60) return undefined;
  const magnitude = whole + minutes / 60 + seconds / 3600;
  return {
    value: negative ? -magnitude : magnitude,
    parts: fields.length as WrittenAngle['parts'],
    ...(unit && { unit }),
    ...(hemisphere && { hemisphere }),
  };
}
