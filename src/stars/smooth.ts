import type { GreyImage } from '../image/image.js';

/**
 * Rows `from` to `to` of the image convolved with [1 2 1]ᵀ[1 2 1] / 16, written into `target`. That is a matched filter
 * for stars as sharp as they come; wider ones lose nothing by it. Border pixels repeat. NaN spreads to its neighbours.
 */
export function smoothRows(image: GreyImage, target: Float32Array, from: number, to: number): void {
  const { data, width, height } = image;
  let above = new Float32Array(width);
  let here = new Float32Array(width);
  let below = new Float32Array(width);
  horizontal(data, Math.max(from - 1, 0) * width, width, above);
  horizontal(data, from * width, width, here);
  for (let y = from; y < to; y++) {
    horizontal(data, Math.min(y + 1, height - 1) * width, width, below);
    const row = y * width;
    for (let x = 0; x < width; x++) target[row + x] = above[x]! + 2 * here[x]! + below[x]!;
    [above, here, below] = [here, below, above];
  }
}

function horizontal(data: GreyImage['data'], start: number, width: number, into: Float32Array): void {
  const last = width - 1;
  let left = data[start]!;
  let centre = left;
  for (let x = 0; x < last; x++) {
    const right = data[start + x + 1]!;
    into[x] = (left + 2 * centre + right) * (1 / 16);
    left = centre;
    centre = right;
  }
  into[last] = (left + 3 * centre) * (1 / 16);
}
