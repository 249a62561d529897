import { powersUpTo } from '../../wcs/polynomial.js';

/** Radial terms k₁, k₂, k₃. */
export const MOST_RADIAL = 3;
/** Degree of the free polynomials. */
const MOST_DEGREE = 5;
/** Exponents of the terms uᵖ·v^q, from the constant on, and without the linear ones as free polynomials have them. */
export const ALL_POWERS = powersUpTo(MOST_DEGREE);
export const LINEAR_TERMS = 3;
export const POWERS = ALL_POWERS.slice(LINEAR_TERMS);
/** Places of a model's numbers: three turns, the logarithm of the focal length, the principal point, and its terms. */
export const TERMS_AT = 6;
/** Places of the terms: the radial ones, a shear of two, and two free polynomials, term by term. */
export const [SHEAR_AT, FREE_AT] = [MOST_RADIAL, MOST_RADIAL + 2] as const;
export const TERMS = FREE_AT + 2 * POWERS.length;
export const MODEL_NUMBERS = TERMS_AT + TERMS;

/** How many terms the free polynomials have up to a degree: those of both axes in turn. */
export function freeTerms(degree: number): number {
  return 2 * POWERS.filter(([p, q]) => p + q <= degree).length;
}
