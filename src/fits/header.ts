import { CARD_BYTES, type CardValue, type FitsCard, fitsNumber, parseCard } from './card.js';

export type { CardValue, FitsCard } from './card.js';

/** More cards than any honest header has. */
export const MAX_CARDS = 10_000;

const END_CARD = /^END[ \0]*$/;

/** A FITS header: its cards in the order of the file. Where a keyword stands more than once, the first card counts. */
export class FitsHeader {
  /** All cards, in their order. */
  readonly cards: readonly FitsCard[];
  /** What was wrong with the header, one line each; for a log. */
  readonly notes: readonly string[];
  readonly #byKeyword = new Map<string, FitsCard[]>();

  constructor(cards: readonly FitsCard[], notes: readonly string[] = []) {
    this.cards = cards;
    this.notes = notes;
    for (const card of cards) {
      const same = this.#byKeyword.get(card.keyword);
      if (same) same.push(card);
      else this.#byKeyword.set(card.keyword, [card]);
    }
  }

  /** Whether there is a card of that keyword. */
  has(keyword: string): boolean {
    return this.all(keyword).length > 0;
  }

  /** Every card of that keyword; `HIERARCH ESO TEL` and `ESO TEL` are the same one, upper or lower case. */
  all(keyword: string): readonly FitsCard[] {
    const name = keyword.trim().toUpperCase();
    return this.#byKeyword.get(name) ?? this.#byKeyword.get(name.replace(/^HIERARCH +/, '')) ?? [];
  }

  /** The value of the first card of a keyword; undefined where there is none. */
  get(keyword: string): CardValue {
    return this.all(keyword)[0]?.value;
  }

  /** A finite number, also one that was written as a string, as some camera programs do. */
  number(keyword: string): number | undefined {
    const value = this.get(keyword);
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? fitsNumber(value.trim()) : undefined;
  }

  /** A string that holds more than spaces, trimmed. */
  string(keyword: string): string | undefined {
    const value = this.get(keyword);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  }

  /** The value of a keyword, where it is T or F. */
  boolean(keyword: string): boolean | undefined {
    const value = this.get(keyword);
    return typeof value === 'boolean' ? value : undefined;
  }

  /** The text of all COMMENT cards. */
  get comments(): string[] {
    return this.all('COMMENT').map((card) => String(card.value));
  }

  /** The text of all HISTORY cards. */
  get history(): string[] {
    return this.all('HISTORY').map((card) => String(card.value));
  }
}

/** A card with a text that CONTINUE cards may add to: its pieces are put together once, however many there are. */
class OpenCard {
  readonly #card: FitsCard;
  readonly #values: string[];
  readonly #comments: string[];

  constructor(card: FitsCard, value: string) {
    this.#card = card;
    this.#values = [value];
    this.#comments = [card.comment];
  }

  /** Whether its text so far says that more follows. */
  get isContinued(): boolean {
    return this.#values.at(-1)?.endsWith('&') === true;
  }

  add(value: string, comment: string): void {
    const last = this.#values.pop() ?? '';
    this.#values.push(last.slice(0, -1), value);
    if (comment !== '') this.#comments.push(comment);
  }

  close(): void {
    if (this.#values.length === 1) return;
    this.#card.value = this.#values.join('');
    this.#card.comment = this.#comments.join(' ').trim();
  }
}

/**
 * Reads the cards of one header up to END, or to the end of the bytes. Damaged cards are read as far as they make
 * sense and told in `notes`; nothing is thrown.
 *
 * Follows FITS 4.0 (section 4), with CONTINUE (4.2.1.2) and the HIERARCH convention.
 */
export function parseHeader(bytes: Uint8Array, maxCards: number = MAX_CARDS): FitsHeader {
  const cards: FitsCard[] = [];
  const notes: string[] = [];
  const claimed = Math.floor(bytes.byteLength / CARD_BYTES);
  const count = Math.min(claimed, maxCards);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, count * CARD_BYTES).toString('latin1');
  let open: OpenCard | undefined;
  let ended = false;
  for (let index = 0; index < count && !ended; index++) {
    const image = text.slice(index * CARD_BYTES, (index + 1) * CARD_BYTES);
    if (END_CARD.test(image)) {
      ended = true;
      break;
    }
    const { card, commentary, problem } = parseCard(image);
    if (problem !== undefined) notes.push(`FITS card ${index + 1} (${card.keyword}): ${problem}`);
    if (card.keyword === 'CONTINUE' && open !== undefined && typeof card.value === 'string') {
      open.add(card.value, card.comment);
    } else {
      open?.close();
      cards.push(card);
      open = !commentary && typeof card.value === 'string' ? new OpenCard(card, card.value) : undefined;
    }
    if (open?.isContinued === false) {
      open.close();
      open = undefined;
    }
  }
  open?.close();
  if (!ended && claimed > maxCards) notes.push(`FITS header: only the first ${maxCards} cards were read`);
  else if (!ended) notes.push('FITS header: there is no END card');
  return new FitsHeader(cards, notes);
}

/** An extension's header, and under it what only the primary header says (the INHERIT convention). */
export function inheritHeader(extension: FitsHeader, primary: FitsHeader): FitsHeader {
  const inherited = primary.cards.filter((card) => !extension.has(card.keyword));
  return new FitsHeader([...extension.cards, ...inherited], [...extension.notes, ...primary.notes]);
}
