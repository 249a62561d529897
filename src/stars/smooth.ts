// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { GreyImage } from '../image/image.js';

/**
 * Rows `from` to `to` of the image convolved with [1 2 1]ᵀ[1 2 1] / 16, written into `target`. That is a matched filter
 * for stars as sharp as they come; wider ones lose nothing by it. Border pixels repeat. NaN spreads to its neighbours.
 */
export function smoothRows(image: GreyImage, target: Float32Array, from: number, to: number): void {
  const { data, width, height } = image;
  // Rows `above` to `below` and columns 0 to width − 1 are inside the image.
  for (let y = from; y < to; y++) {
    const row = y * width;
    const above = y > 0 ? row - width : row;
    const below = y < height - 1 ? row + width : row;
    // Sums of three columns, from left to right.
    let left = data[above]! + 2 * data[row]! + data[below]!;
    let centre = left;
    for (let x = 1; x < width; x++) {
      const right = data[above + x]! + 2 * data[row + x]! + data[below + x]!;
      target[row + x - 1] = (left + 2 * centre + right) * 0.0625;
      left = centre;
      centre = right;
    }
    target[row + width - 1] = (left + 3 * centre) * 0.0625;
  }
}
