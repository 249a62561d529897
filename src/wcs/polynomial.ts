/** Exponents [p, q] of the terms u^p·v^q of a polynomial: 1, u, v, then by rising degree. */
export type Powers = readonly (readonly [p: number, q: number])[];

export function powersUpTo(degree: number): Powers {
  return Array.from({ length: degree + 1 }, (_, sum) =>
    Array.from({ length: sum + 1 }, (_, q) => [sum - q, q] as const),
  ).flat();
}

/** The values of all terms at one point, written into `into` from `at` on. */
export function termsAt(powers: Powers, u: number, v: number, into: Float64Array, at = 0): void {
  for (let j = 0; j < powers.length; j++) into[at + j] = u ** powers[j]![0] * v ** powers[j]![1];
}

/** Coefficients as `c[p][q]`, square, with zeros where `powers` has no term. */
export function coefficientTable(
  powers: Powers,
  degree: number,
  value: (term: number) => number,
): number[][] {
  const table = Array.from({ length: degree + 1 }, () => new Array<number>(degree + 1).fill(0));
  powers.forEach(([p, q], term) => {
    table[p]![q] = value(term);
  });
  return table;
}
