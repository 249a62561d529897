import type { ByteSource } from './byte-source.js';
import { IndexFileError } from './error.js';

/** FITS files are made of blocks of this many bytes. */
export const BLOCK_BYTES = 2880;
const CARD_BYTES = 80;
/** Blocks of all headers of a file together, 1.5 MB; index files have some fifty, most of them history. */
const MAX_HEADER_BLOCKS = 512;

const codesOf = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const END = codesOf('END     ');
const VALUE_INDICATOR = codesOf('= ');

/** Keywords with their values; where one stands more than once, the first counts. */
export class Header {
  readonly #values = new Map<string, string>();

  /** Notes a card of 80 characters that has a value. */
  add(card: string): void {
    const keyword = card.slice(0, 8).trimEnd();
    if (!this.#values.has(keyword)) this.#values.set(keyword, card.slice(10));
  }

  /** A quoted string, without the spaces at its end. */
  text(keyword: string): string | undefined {
    const quoted = /^ *'((?:[^']|'')*)'/.exec(this.#values.get(keyword) ?? '');
    return quoted?.[1]?.replaceAll("''", "'").trimEnd();
  }

  /** A finite number. */
  number(keyword: string): number | undefined {
    const text = this.#values.get(keyword)?.split('/', 1)[0]?.trim();
    if (text === undefined || !/^[+-]?(\d+(?:\.\d*)?|\.\d+)([EeDd][+-]?\d+)?$/.test(text)) return undefined;
    const value = Number(text.replace(/[Dd]/, 'E'));
    return Number.isFinite(value) ? value : undefined;
  }

  /** A logical value; false where there is none. */
  flag(keyword: string): boolean {
    return /^ *T *(\/|$)/.test(this.#values.get(keyword) ?? '');
  }

  /**
   * A whole number of at least `least`; `fallback` where the keyword is missing.
   * @throws IndexFileError `corrupt` for anything else.
   */
  count(keyword: string, least = 0, fallback?: number): number {
    if (fallback !== undefined && !this.#values.has(keyword)) return fallback;
    const value = this.number(keyword);
    if (value === undefined || !Number.isSafeInteger(value) || value < least)
      throw new IndexFileError('corrupt', `A header has no usable ${keyword}`);
    return value;
  }
}

/** Reads headers one after the other, as many blocks as a file may have. */
export class HeaderReader {
  readonly #source: ByteSource;
  #blocks = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * The header at `offset` and where its data begin.
   * @throws IndexFileError `truncated` where the file ends before the header does; `corrupt` where headers have no end.
   */
  read(offset: number): { header: Header; end: number } {
    const header = new Header();
    for (let at = offset; ; at += BLOCK_BYTES) {
      if (++this.#blocks > MAX_HEADER_BLOCKS)
        throw new IndexFileError('corrupt', 'The headers are longer than those of any index file');
      const block = this.#source.read(at, BLOCK_BYTES);
      if (block.byteLength < BLOCK_BYTES)
        throw new IndexFileError('truncated', 'The file ends inside a header');
      for (let start = 0; start < BLOCK_BYTES; start += CARD_BYTES) {
        if (END.every((code, i) => block[start + i] === code)) return { header, end: at + BLOCK_BYTES };
        // Most cards of an index file are its history, which is passed over.
        if (VALUE_INDICATOR.every((code, i) => block[start + 8 + i] === code))
          header.add(String.fromCharCode(...block.subarray(start, start + CARD_BYTES)));
      }
    }
  }
}
