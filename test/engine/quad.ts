import { PairChords, type QuadCode } from '../../src/engine/quad-code.js';

/** The code of four of at most four directions; false when they have none. */
export function codeOf(
  quad: QuadCode,
  vectors: Float64Array,
  i: number,
  j: number,
  k: number,
  l: number,
): boolean {
  const chords = new PairChords(4);
  chords.measure(vectors, 4);
  const isNamed = quad.name(chords, i, j, k, l);
  if (isNamed) quad.reckon(vectors);
  return isNamed;
}
