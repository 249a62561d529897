import { CARD_BYTES, type CardValue, type FitsCard } from './card.js';

/** Where the value field of a fixed-format card ends. */
const VALUE_END = 30;
const MAX_STRING = 68;
const COMMENTARY_TEXT = 72;
const PLAIN_KEYWORD = /^[A-Z0-9_-]{1,8}$/;

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

/** Quotes doubled, cut so that it fits on a card without a quote being halved. */
function quoted(text: string, space: number): string {
  let content = '';
  for (const character of ascii(text)) {
    const next = character === "'" ? "''" : character;
    if (content.length + next.length > space) break;
    content += next;
  }
  return `'${content.padEnd(8)}'`;
}

function valueField(value: CardValue, space: number): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return quoted(value, Math.min(MAX_STRING, space - 2)).padEnd(VALUE_END - 10);
  if (typeof value === 'boolean') return (value ? 'T' : 'F').padStart(VALUE_END - 10);
  // A value that is no number is written as one that is not known.
  return (Number.isFinite(value) ? String(value).replace('e', 'E') : '').padStart(VALUE_END - 10);
}

/**
 * One card of 80 characters (FITS 4.0, 4.2: fixed format). Strings and comments that do not fit are cut, characters that
 * FITS does not know become `?`, keywords that are no plain ones are written as HIERARCH. Free text (COMMENT, HISTORY, no
 * keyword) is cut at 72 characters; see `formatCards`.
 */
export function formatCard({ keyword, value, comment }: FitsCard): string {
  if (isCommentary(keyword))
    return `${keyword.padEnd(8)}${ascii(String(value ?? ''))}`.slice(0, CARD_BYTES).padEnd(CARD_BYTES);
  const start = PLAIN_KEYWORD.test(keyword) ? `${keyword.padEnd(8)}= ` : `HIERARCH ${ascii(keyword)} = `;
  const card = start + valueField(value, CARD_BYTES - start.length);
  return (comment === '' ? card : `${card} / ${ascii(comment)}`).slice(0, CARD_BYTES).padEnd(CARD_BYTES);
}

function isCommentary(keyword: string): boolean {
  return keyword === '' || keyword === 'COMMENT' || keyword === 'HISTORY';
}

/** Cards as text; free text that is too long for one card goes on in the next. */
export function formatCards(cards: readonly FitsCard[]): string {
  return cards
    .flatMap((card) => {
      if (!isCommentary(card.keyword)) return [card];
      const text = String(card.value ?? '');
      const pieces = Math.max(1, Math.ceil(text.length / COMMENTARY_TEXT));
      return Array.from({ length: pieces }, (_, i) => ({
        ...card,
        value: text.slice(i * COMMENTARY_TEXT, (i + 1) * COMMENTARY_TEXT),
      }));
    })
    .map(formatCard)
    .join('');
}
