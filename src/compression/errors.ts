/** Compressed bytes that are damaged, cut off, or expand to something else than was said; the message says which. */
export class DamagedStream extends Error {
  override readonly name = 'DamagedStream';
}
