import type { CardValue, FitsHeader } from '../fits/header.js';
import { type Quantity, readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { Candidate } from './record.js';

/** The value of a keyword and the comment beside it. */
export interface Card {
  keyword: string;
  value: CardValue;
  comment: string;
}

/** The cards of these keywords that hold something, in the order of the keywords; a keyword may stand more than once. */
export function* cardsOf(header: FitsHeader, keywords: readonly string[]): Generator<Card> {
  for (const keyword of keywords) {
    for (const { value, comment } of header.all(keyword)) {
      const blank = value === undefined || (typeof value === 'string' && value.trim() === '');
      if (!blank) yield { keyword, value, comment };
    }
  }
}

/** A card as a place that a field may come from. */
export function candidate<T>(card: Card, read: (card: Card) => Reading<T>): Candidate<T> {
  return { key: `FITS ${card.keyword}`, written: card.value, read: () => read(card) };
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
