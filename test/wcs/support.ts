import { FitsHeader, parseHeader } from '../../src/fits/header.js';

/** A header from cards as text, each up to 80 characters. */
export function headerOf(cards: readonly string[]): FitsHeader {
  return parseHeader(Buffer.from([...cards, 'END'].map((card) => card.padEnd(80)).join(''), 'latin1'));
}

/** A header from keywords and values. */
export function headerWith(values: Record<string, string | number | boolean>): FitsHeader {
  return new FitsHeader(Object.entries(values).map(([keyword, value]) => ({ keyword, value, comment: '' })));
}
