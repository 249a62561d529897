import type { FitsCard } from './card.js';
import { BLOCK_BYTES } from './hdu.js';
import { formatCards } from './write-card.js';

/** Keywords that describe the bytes of a file; they are never taken over from another one. */
const STRUCTURAL =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|GROUPS|PCOUNT|GCOUNT|TFIELDS|THEAP|BZERO|BSCALE|BLANK|END|CONTINUE|CHECKSUM|DATASUM|INHERIT|EXTNAME|T(FORM|TYPE|UNIT|NULL|SCAL|ZERO|DISP|DIM|BCOL)\d+|Z(IMAGE|CMPTYPE|BITPIX|NAXIS\d*|TILE\d+|NAME\d+|VAL\d+|QUANTIZ|DITHER0|BLANK|SCALE|ZERO|SIMPLE|TENSION|EXTEND|PCOUNT|GCOUNT|HECKSUM|DATASUM))$/;

export function card(keyword: string, value: FitsCard['value'], comment = ''): FitsCard {
  return { keyword, value, comment };
}

/** A header of these cards, the ones that are text already after the others, with its END, filled up to whole blocks. */
export function headerBytes(cards: readonly FitsCard[], written = ''): Buffer {
  const text = `${formatCards(cards)}${written}${'END'.padEnd(80)}`;
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}

/** What fills up the last block of the data. */
export function paddingBytes(dataBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (dataBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** The header of a file that holds no picture, or only in its extensions. */
export function emptyPrimary(cards: readonly FitsCard[] = []): Buffer {
  return headerBytes([
    card('SIMPLE', true, 'FITS standard'),
    card('BITPIX', 8),
    card('NAXIS', 0),
    card('EXTEND', true),
    ...withoutStructure(cards),
  ]);
}

/** Cards without those that describe the structure of the file that they come from. */
export function withoutStructure(cards: readonly FitsCard[]): FitsCard[] {
  return cards.filter(({ keyword }) => !STRUCTURAL.test(keyword));
}
