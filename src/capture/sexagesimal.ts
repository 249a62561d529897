/** An angle as somebody wrote it. */
export interface WrittenAngle {
  /** In the unit it was written in. */
  value: number;
  /** How many numbers it was made of: 1 for a decimal one. */
  parts: 1 | 2 | 3;
  /** When the text says so itself: `5h 34m`, `-5° 23'`. */
  unit?: 'hours' | 'degrees';
}

const SIGN = /^([+-])\s*/;
/** `N 51 30`, `51 30 N`, `51.5S`; but the last letter of `5h35m17s` stands for seconds. */
const HEMISPHERE = /^([NSEW])\s*|\s*([NEW]|(?<![hdm].*\d\s*)S)$/i;
const FIELD =
  /^(\d+(?:\.\d*)?|\.\d+)\s*(h(?:ours?)?|d(?:eg(?:rees)?)?|[°º:]|m(?:in)?|s(?:ec)?|['′’]{1,2}|["″”])?\s*/i;

/**
 * Reads an angle in any common writing: `05 34 31.9`, `-5:23:28`, `-0 12 3`, `+51d03m00.0s`, `5h34m`, `51° 3'
 * 0" N`, `83.82`. South and west are negative. `undefined` when it is no angle, or its minutes or seconds are
 * not below 60.
 */
export function parseAngle(text: string): WrittenAngle | undefined {
  let rest = text
    .trim()
    .replace(/\u2212/g, '-')
    .replace(/,(?=\d+$)/, '.');
  let negative = false;
  const hemisphere = HEMISPHERE.exec(rest);
  if (hemisphere) {
    negative = /[SW]/i.test(hemisphere[1] ?? hemisphere[2]);
    rest = rest.replace(HEMISPHERE, '');
  }
  const sign = SIGN.exec(rest);
  if (sign) {
    if (hemisphere && negative && sign[1] === '-') return undefined;
    negative ||= sign[1] === '-';
    rest = rest.slice(sign[0].length);
  }
  const fields: number[] = [];
  let unit: WrittenAngle['unit'];
  while (rest !== '') {
    const found = FIELD.exec(rest);
    if (!found || fields.length === 3) return undefined;
    // Only the last number may have a fraction: `5.5 30 0` is a slip of somebody's pen.
    if (fields.some((field) => !Number.isInteger(field))) return undefined;
    const mark = found[2]?.toLowerCase() ?? '';
    if (fields.length === 0 && mark.startsWith('h')) unit = 'hours';
    if (fields.length === 0 && /^(d|°|º)/.test(mark)) unit = 'degrees';
    fields.push(Number(found[1]));
    rest = rest.slice(found[0].length);
  }
  if (fields.length === 0 || fields.slice(1).some((field) => field > 60)) return undefined;
  const [whole, minutes = 0, seconds = 0] = fields;
  const magnitude = whole + minutes / 60 + seconds / 3600;
  return {
    value: negative ? -magnitude : magnitude,
    parts: fields.length as WrittenAngle['parts'],
    ...(unit && { unit }),
  };
}
