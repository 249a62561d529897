import { CARD_BYTES, type CardValue } from '../fits/card.js';
import { BLOCK_BYTES } from '../fits/hdu.js';

const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');
const card = (text: string) => text.slice(0, CARD_BYTES).padEnd(CARD_BYTES);
const isCommentary = (keyword: string) => keyword === 'COMMENT' || keyword === 'HISTORY' || keyword === '';

function valueText(value: CardValue): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return (value ? 'T' : 'F').padStart(20);
  if (typeof value === 'string') return `'${printable(value).replaceAll("'", "''").padEnd(8)}'`;
  const text =
    Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : value.toExponential().toUpperCase();
  // `1E+3` is an integer with an exponent, which FITS has not.
  return (text.includes('E') && !text.includes('.') ? text.replace('E', '.0E') : text).padStart(20);
}

/** One keyword with its value as cards of 80 columns (FITS 4.0, 4.1 and 4.2; HIERARCH and CONTINUE where they are needed). */
export function formatCards(keyword: string, value: CardValue, comment = ''): string[] {
  if (isCommentary(keyword)) return commentary(keyword, printable(String(value ?? '')));
  const plain = /^[A-Z0-9_-]{1,8}$/.test(keyword);
  const lead = plain ? `${keyword.padEnd(8)}= ` : `HIERARCH ${printable(keyword)} = `;
  const text = valueText(value);
  if (lead.length + text.length <= CARD_BYTES) {
    return [card(`${lead}${text}${comment === '' ? '' : ` / ${printable(comment)}`}`)];
  }
  return typeof value === 'string' && plain ? continued(lead, printable(value)) : [];
}

function commentary(keyword: string, text: string): string[] {
  const width = CARD_BYTES - 8;
  const pieces = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''];
  return pieces.map((piece) => card(keyword.padEnd(8) + piece));
}

/** A string that is too long for one card; no piece ends between the two quotes that stand for one. */
function continued(lead: string, text: string): string[] {
  const cards: string[] = [];
  let [rest, head] = [text.replaceAll("'", "''"), lead];
  while (rest !== '') {
    const room = CARD_BYTES - head.length - 3;
    let cut = Math.min(room, rest.length);
    const quotes = /'*$/.exec(rest.slice(0, cut))![0].length;
    if (cut < rest.length && quotes % 2 === 1) cut--;
    const last = cut === rest.length;
    cards.push(card(`${head}'${rest.slice(0, cut)}${last ? '' : '&'}'`));
    rest = rest.slice(cut);
    head = 'CONTINUE  ';
  }
  return cards;
}

/** Cards and END, filled up to whole blocks. */
export function headerBytes(cards: readonly string[]): Buffer {
  const text = [...cards, card('END')].join('');
  return Buffer.from(text.padEnd(paddedBytes(text.length)), 'latin1');
}

export function paddedBytes(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
