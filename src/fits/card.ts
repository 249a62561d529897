/** Length of a header card, bytes. */
export const CARD_BYTES = 80;

/** What stands behind a keyword; `undefined` for a card that has an `=` and no value (FITS 4.0, 4.1.2.3). */
export type CardValue = string | number | boolean | undefined;

/** One logical card; its CONTINUE cards are already joined to it. */
export interface FitsCard {
  /** Upper case; a HIERARCH keyword without the word HIERARCH, its parts separated by one space. */
  keyword: string;
  /** The text, for COMMENT, HISTORY and the like. Complex numbers stay text. */
  value: CardValue;
  /** What stands behind the `/`. */
  comment: string;
  /** What the card stands for where it was in no FITS header, as a person knows it: `XISF Instrument:ExposureTime`. */
  origin?: string;
}

/** A card as it was understood, and what was wrong with it, when something was. */
export interface ParsedCard {
  card: FitsCard;
  /** The card has no value indicator: its value is free text. */
  commentary: boolean;
  problem?: string;
}

const COMMENTARY = new Set(['COMMENT', 'HISTORY', '']);
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[EeDd][+-]?\d+)?$/;
const COMPLEX = /^\([^()]*\)$/;
const STRING = /^ *'((?:[^']|'')*)'(.*)$/s;
const UNPRINTABLE = /[^\x20-\x7e]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found.
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** FITS text is ASCII; what programs write beyond it is UTF-8, or else Latin-1. Control characters become spaces. */
export function readableText(latin1: string): string {
  if (!UNPRINTABLE.test(latin1)) return latin1;
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  return (utf8.includes('\ufffd') ? latin1 : utf8).replace(CONTROL, ' ');
}

/** A number as FITS writes it, `D` exponents included; `undefined` for anything else, NaN and infinity included. */
export function fitsNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text.replace(/[Dd]/, 'E'));
  return Number.isFinite(value) ? value : undefined;
}

function parseValue(field: string): { value: CardValue; comment: string; problem?: string } {
  const quoted = STRING.exec(field);
  if (quoted) {
    const [, text = '', behind = ''] = quoted;
    const rest = behind.trim();
    return {
      value: readableText(text.replaceAll("''", "'")).trimEnd(),
      comment: readableText(rest.replace(/^\/ ?/, '')).trimEnd(),
      problem: rest === '' || rest.startsWith('/') ? undefined : 'text between the value and its comment',
    };
  }
  if (field.trimStart().startsWith("'")) {
    const text = readableText(field.trimStart().slice(1).replaceAll("''", "'")).trimEnd();
    return { value: text, comment: '', problem: 'the closing quote is missing' };
  }
  const slash = field.indexOf('/');
  const text = readableText(slash < 0 ? field : field.slice(0, slash)).trim();
  const comment = slash < 0 ? '' : readableText(field.slice(slash + 1)).trim();
  if (text === '') return { value: undefined, comment };
  if (text === 'T' || text === 'F') return { value: text === 'T', comment };
  const number = fitsNumber(text);
  if (number !== undefined) return { value: number, comment };
  const problem = COMPLEX.test(text) ? undefined : 'the value is neither a number nor quoted';
  return { value: text, comment, problem };
}

/** Reads one card of 80 Latin-1 characters; never throws. */
export function parseCard(image: string): ParsedCard {
  const name = image.slice(0, 8).trimEnd();
  if (name === 'HIERARCH') {
    const equals = image.indexOf('=');
    if (equals > 8) {
      const keyword = readableText(image.slice(8, equals)).trim().replace(/ +/g, ' ').toUpperCase();
      const { problem, ...rest } = parseValue(image.slice(equals + 1));
      return { card: { keyword, ...rest }, commentary: false, problem };
    }
  }
  const keyword = readableText(name).trim().toUpperCase();
  const problem = UNPRINTABLE.test(name) ? 'the keyword holds bytes that no keyword may hold' : undefined;
  if (keyword === 'CONTINUE') {
    const parsed = parseValue(image.slice(8));
    return {
      card: { keyword, value: parsed.value, comment: parsed.comment },
      commentary: true,
      problem: parsed.problem,
    };
  }
  if (COMMENTARY.has(keyword) || image[8] !== '=') {
    return {
      card: { keyword, value: readableText(image.slice(8)).trimEnd(), comment: '' },
      commentary: true,
      problem,
    };
  }
  const parsed = parseValue(image.slice(9));
  return {
    card: { keyword, value: parsed.value, comment: parsed.comment },
    commentary: false,
    problem: problem ?? parsed.problem,
  };
}
