// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
/** Exponents [p, q] of the terms u^p·v^q of a polynomial: 1, u, v, then by rising degree. */
export type Powers = readonly (readonly [p: number, q: number])[];

export function powersUpTo(degree: number): Powers {
  return Array.from({ length: degree + 1 }, (_, sum) =>
    Array.from({ length: sum + 1 }, (_, q) => [sum - q, q] as const),
  ).flat();
}

/** The values of all terms at one point, written into `into` from `at` on. */
export function termsAt(powers: Powers, u: number, v: number, into: Float64Array, at = 0): void {
  into[at] = 1;
  // Each degree is the one before times u, and its last term times v; `into` has a place for each.
  for (let below = 0, size = 1, j = 1; j < powers.length; below += size++) {
    for (let k = 0; k < size; k++) into[at + j++] = u * into[at + below + k]!;
    into[at + j++] = v * into[at + below + size - 1]!;
  }
}

/** Coefficients as `c[p][q]`, for p + q up to the degree. */
export function coefficientTable(
  powers: Powers,
  degree: number,
  value: (term: number) => number,
): number[][] {
  // p ≤ degree.
  const table = Array.from({ length: degree + 1 }, (_, p) => new Array<number>(degree + 1 - p).fill(0));
  powers.forEach(([p, q], term) => {
    table[p]![q] = value(term);
  });
  return table;
}
