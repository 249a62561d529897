import type { CardValue, FitsHeader } from '../fits/header.js';
import { type Quantity, readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { Candidate } from './record.js';

/** The value of a keyword and the comment beside it. */
export interface Card {
  keyword: string;
  value: CardValue;
  comment: string;
  /** See `FitsCard.origin`. */
  origin?: string | undefined;
}

/** Longer values and comments (of CONTINUE cards) are read up to here: no date, number or unit needs more. */
const MAX_CHARACTERS = 1000;

/** The cards of these keywords that hold something, in the order of the keywords; a keyword may stand more than once. */
export function* cardsOf(header: FitsHeader, keywords: readonly string[]): Generator<Card> {
  for (const keyword of keywords) {
    for (const { value: written, comment, origin } of header.all(keyword)) {
      const value = typeof written === 'string' ? written.slice(0, MAX_CHARACTERS) : written;
      const blank = value === undefined || (typeof value === 'string' && value.trim() === '');
      if (!blank) yield { keyword, value, comment: comment.slice(0, MAX_CHARACTERS), origin };
    }
  }
}

/** A card as `capture.sources` and `capture.notes` name it. */
export function keyOf({ keyword, origin }: Card): string {
  return origin ?? `FITS ${keyword}`;
}

/** The second of two cards that belong together, behind the first one: without the name of their container. */
export function secondKey(card: Card): string {
  return keyOf(card).replace(/^\w+ /, '');
}

/** A card as a place that a field may come from. */
export function candidate<T>(card: Card, read: (card: Card) => Reading<T>): Candidate<T> {
  return { key: keyOf(card), written: card.value, read: () => read(card) };
}

/** The first of these keywords that holds such a quantity. */
export function firstQuantity(
  header: FitsHeader,
  keywords: readonly string[],
  quantity: Quantity,
): { keyword: string; value: number } | undefined {
  for (const card of cardsOf(header, keywords)) {
    const reading = readQuantity(card, quantity);
    if (reading && 'value' in reading) return { keyword: card.keyword, value: reading.value };
  }
  return undefined;
}
