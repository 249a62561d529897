// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
/** A symmetric positive definite matrix, taken apart once. */
export interface Cholesky {
  /** x with A·x = b. */
  solve(b: ArrayLike<number>): Float64Array;
  /** bᵀ·A⁻¹·b. */
  inverseForm(b: ArrayLike<number>): number;
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
  const forward = (b: ArrayLike<number>): Float64Array => {
    const y = Float64Array.from(b);
    for (let row = 0; row < size; row++) {
      for (let k = 0; k < row; k++) y[row]! -= low[row * size + k]! * y[k]!;
      y[row]! /= low[row * size + row]!;
    }
    return y;
  };
  return {
    solve(b) {
      const x = forward(b);
      for (let row = size - 1; row >= 0; row--) {
        for (let k = row + 1; k < size; k++) x[row]! -= low[k * size + row]! * x[k]!;
        x[row]! /= low[row * size + row]!;
      }
      return x;
    },
    inverseForm: (b) => forward(b).reduce((sum, value) => sum + value * value, 0),
  };
}
