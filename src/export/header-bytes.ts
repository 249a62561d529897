import type { FitsCard } from '../fits/card.js';
import { BLOCK_BYTES } from '../fits/hdu.js';
import { formatCards } from '../fits/write-card.js';

/** A header of these cards, the ones that are text already after the others, filled up to whole blocks. */
export function headerBytes(cards: readonly FitsCard[], written = ''): Buffer {
  const text = `${formatCards(cards)}${written}${'END'.padEnd(80)}`;
  return Buffer.from(text.padEnd(paddedBytes(text.length)), 'latin1');
}

export function paddedBytes(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
