// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
/** A symmetric positive definite matrix A = L·Lᵀ, taken apart once. */
export interface Cholesky {
  /** x with A·x = b. */
  solve(b: ArrayLike<number>): Float64Array;
  /** Replaces b by L⁻¹·b, so that its square is bᵀ·A⁻¹·b; the elements before `from` are 0. */
  forward(b: Float64Array, from?: number): void;
}

// All indices are row · size + column, or row, of matrices and vectors of that size.

/** Takes apart the `size` by `size` matrix whose lower triangle is given row by row; undefined when it is not positive definite. */
export function cholesky(matrix: ArrayLike<number>, size: number): Cholesky | undefined {
  const low = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= low[row * size + k]! * low[column * size + k]!;
      if (column < row) low[row * size + column] = sum / low[column * size + column]!;
      else if (sum > 1e-12 * matrix[row * size + row]!) low[row * size + row] = Math.sqrt(sum);
      else return undefined;
    }
  }
  const forward = (b: Float64Array, from = 0): void => {
    for (let row = from; row < size; row++) {
      let sum = b[row]!;
      for (let k = from; k < row; k++) sum -= low[row * size + k]! * b[k]!;
      b[row] = sum / low[row * size + row]!;
    }
  };
  return {
    forward,
    solve(b) {
      const x = Float64Array.from(b);
      forward(x);
      for (let row = size - 1; row >= 0; row--) {
        for (let k = row + 1; k < size; k++) x[row]! -= low[k * size + row]! * x[k]!;
        x[row]! /= low[row * size + row]!;
      }
      return x;
    },
  };
}

/** bᵀ·A⁻¹·b; b is overwritten. */
export function inverseForm(solver: Cholesky, b: Float64Array): number {
  solver.forward(b);
  let sum = 0;
  for (const value of b) sum += value * value;
  return sum;
}
