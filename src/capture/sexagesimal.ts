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
/** `N 51 30`, `51 30 N`, `51.5S`; but the last letter of `5h35m17s` stands for seconds. */
const HEMISPHERE =
  /^(north|south|east|west|[NSEW])(?![a-z])[\s:]*|\s*(north|south|east|west|[NEW]|(?<![hdm].*\d\s*)S)$/i;
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

/**
 * Reads an angle in any common writing: `05 34 31.9`, `-5:23:28`, `-0 12 3`, `+51d03m00.0s`, `5h34m`, `51° 3'
 * 0" N`, `83.82`. South and west are negative; a minus before them says it twice. `undefined` when it is no angle, its
 * minutes or seconds are beyond 60, or the sign contradicts the letter.
 */
export function parseAngle(text: string): WrittenAngle | undefined {
  let rest = withPlainSeparators(text.trim());
  let negative = false;
  const letters = HEMISPHERE.exec(rest);
  const hemisphere = (letters?.[1] ?? letters?.[2])?.[0]?.toUpperCase() as WrittenAngle['hemisphere'];
  if (hemisphere) {
    negative = hemisphere === 'S' || hemisphere === 'W';
    rest = rest.replace(HEMISPHERE, '');
  }
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
