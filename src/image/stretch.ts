// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { GreyImage } from '../image/image.js';

/** Samples that tell the background; more change nothing. */
const SAMPLES = 100_000;
/** Sigmas below the background that are black, and the brightness that the background is given (the usual screen stretch). */
const CLIP = -2.8;
const TARGET = 0.22;

/**
 * Linear data as a picture, 8 bits: the background made dark grey and faint things visible, by the midtones transfer function
 * that astronomers' viewers use, m(x) = (m−1)x / ((2m−1)x − m). Values that are not numbers become black.
 */
export function autoStretch({ data, width, height }: GreyImage): Uint8Array {
  const out = new Uint8Array(width * height);
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const sample: number[] = [];
  // Loops run over the data; a quantile is an element of a list that is not empty.
  for (let i = 0; i < data.length; i += step) if (Number.isFinite(data[i])) sample.push(data[i]!);
  if (sample.length === 0) return out;
  const sorted = Float64Array.from(sample).sort();
  const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  const median = quantile(0.5);
  const sigma =
    1.4826 * Float64Array.from(sorted, (value) => Math.abs(value - median)).sort()[sorted.length >> 1]!;
  // The brightest of a sample is rarely the brightest of all; beyond this everything is white anyhow.
  const [low, high] = [quantile(0), quantile(0.9999)];
  const black = Math.max(low, median + CLIP * sigma);
  const range = high - black;
  if (!(range > 0)) return out;
  const background = Math.min(0.99, Math.max(1e-6, (median - black) / range));
  const midtone = transfer(TARGET, background);
  for (let i = 0; i < data.length; i++) {
    const x = (data[i]! - black) / range;
    out[i] = x > 0 ? Math.round(255 * transfer(midtone, Math.min(1, x))) : 0;
  }
  return out;
}

/** Midtones transfer: 0 → 0, m → ½, 1 → 1. With `m` and `x` exchanged it finds the m that brings x to the value. */
function transfer(m: number, x: number): number {
  return ((m - 1) * x) / ((2 * m - 1) * x - m);
}
