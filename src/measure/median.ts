// biome-ignore-all lint/style/noNonNullAssertion: both indices are inside the array.

/** The middle one of the numbers among the values; NaN where there are none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const { length } = sorted;
  if (length === 0) return Number.NaN;
  return (sorted[(length - 1) >> 1]! + sorted[length >> 1]!) / 2;
}
