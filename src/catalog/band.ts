// biome-ignore-all lint/style/noNonNullAssertion: the comments say why each index is in bounds.
/** Rows are sorted by declination in steps of this, degrees. */
export const SORTED_TO_DEG = 0.001;

/** The rows of a table whose declinations are within `reach_deg` of one, and a few beside them: from `start` up to before `end`. */
export function bandOf(
  { dec_deg: sorted }: { readonly dec_deg: Float64Array },
  dec_deg: number,
  reach_deg: number,
): { start: number; end: number } {
  const reach = reach_deg + SORTED_TO_DEG;
  return { start: lowerBound(sorted, dec_deg - reach), end: lowerBound(sorted, dec_deg + reach) };
}

/** First index whose value is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    // middle is below the length.
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
