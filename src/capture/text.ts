import type { Reading } from './reading.js';

const MAX_TEXT = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal.
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** One line, no control characters, no padding, at most 200 characters; may be empty. */
export function printable(text: string): string {
  const clean = text
    .slice(0, 4 * MAX_TEXT)
    .replace(CONTROLS, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return [...clean].slice(0, MAX_TEXT).join('').trimEnd();
}

/** Words by which programs say that they do not know; asterisks are Fortran's field that is too narrow. */
const PLACEHOLDER =
  /^[<([{]?(?:none|no|n[/.]?a\.?|nan|[+-]?inf(?:inity)?|-?1\.#\w+|nil|null|undef(?:ined)?|unknown(?: lens)?(?: \(\d+\))?|unset|unspecified|unavailable|not (?:set|known|available|connected|applicable|specified|defined)|no (?:data|value|lens(?: attached)?|name)|invalid|default|tbd|[-\u2010-\u2015?*_.#=]+)[>)\]}]?$/i;

/** Whether the text stands for a value that is not known: `None`, `n/a`, `Unknown`, `----`, `NaN`. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text.trim());
}

/** Numbers by which cameras and programs say that they do not know, where a text is expected. */
const NUMERIC_PLACEHOLDER = /^(?:0|-1|-9{2,5}|65535|4294967295)(?:\.0*)?$/;
/** A focal length or aperture of zero: `0.0 mm f/0.0`, `DT 0mm F0 SAM`, `0-0mm`; or of the largest 16-bit number. */
const IMPOSSIBLE_LENS =
  /(?:^|[^\d.,])(?:0+(?:[.,]0+)?|65535)(?:\s?-\s?0+(?:[.,]0+)?)?\s?mm(?![a-z])|(?:^|[^a-z\d])f\s?\/?\s?(?:0+(?:[.,]0+)?|65535)(?![.,]?\d)/i;

/** Whether a lens calls itself by a focal length or an aperture that no lens has, or by punctuation alone. */
function isImpossibleLens(text: string): boolean {
  return IMPOSSIBLE_LENS.test(text) || !/[\p{L}\d]/u.test(text);
}

/** Why such a value is left out. */
export const UNKNOWN = 'it stands for a value that is not known';

/** A text of a header, fit to be shown, unless it says that nothing is known. */
export function readText(written: unknown): Reading<string> {
  if (typeof written !== 'string') return { why: 'no text' };
  const text = printable(written);
  if (text === '') return undefined;
  return isPlaceholder(text) || NUMERIC_PLACEHOLDER.test(text) ? { why: UNKNOWN } : { value: text };
}

/** The same of a lens, which some cameras call by what they do not know of it: `0.0 mm f/0.0`. */
export function readLens(written: unknown): Reading<string> {
  const text = readText(written);
  return text && 'value' in text && isImpossibleLens(text.value) ? { why: UNKNOWN } : text;
}
