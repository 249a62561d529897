import { expect } from 'vitest';

/** Mean of every `n`×`n` block, the rest at the right and lower edge left out. */
export function blockMeans(values: ArrayLike<number>, width: number, height: number, n: number): number[] {
  const means: number[] = [];
  for (let y = 0; y + n <= height; y += n) {
    for (let x = 0; x + n <= width; x += n) {
      let sum = 0;
      // Whole blocks only.
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) sum += values[(y + j) * width + x + i]!;
      means.push(sum / n / n);
    }
  }
  return means;
}

export function expectClose(values: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(values.length).toBe(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN))));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** Only the pixels away from the edges, where a mean that reaches beyond its block meets the end of the picture. */
export function inner(values: ArrayLike<number>, width: number): number[] {
  const height = values.length / width;
  return Array.from(values).filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x > 0 && y > 0 && x < width - 1 && y < height - 1;
  });
}
