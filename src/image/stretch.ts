// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { GreyImage } from '../image/image.js';

/** Samples that tell the background; more change nothing. */
const SAMPLES = 100_000;
/** Sigmas below the background that are black, and the brightness that the background is given (the usual screen stretch). */
const CLIP = -2.8;
const TARGET = 0.22;
const HALF_A_STEP = 0.5;

/**
 * The screen stretch of everything that is shown: from a value to 8 bits, the background made dark grey and faint things visible, by the
 * midtones transfer function that astronomers' viewers use, m(x) = (m−1)x / ((2m−1)x − m). Values that are not numbers become black.
 * @param data what is to be shown; it tells background, noise and the brightest
 * @param leastSigma of the noise, in its unit: values of 8 bits are often all alike beside stars
 * @returns undefined where all of it is alike, and nothing can be shown
 */
function screenStretch(data: GreyImage['data'], leastSigma: number): ((value: number) => number) | undefined {
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const sample: number[] = [];
  // Loops run over the data; a quantile is an element of a list that is not empty.
  for (let i = 0; i < data.length; i += step) if (Number.isFinite(data[i])) sample.push(data[i]!);
  if (sample.length === 0) return undefined;
  const sorted = Float64Array.from(sample).sort();
  const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  const median = quantile(0.5);
  const deviation =
    1.4826 * Float64Array.from(sorted, (value) => Math.abs(value - median)).sort()[sorted.length >> 1]!;
  const sigma = Math.max(leastSigma, deviation);
  // The brightest of a sample is rarely the brightest of all; beyond this everything is white anyhow.
  const [low, high] = [quantile(0), quantile(0.9999)];
  const black = Math.max(low - leastSigma, median + CLIP * sigma);
  const range = high - black;
  if (!(range > 0)) return undefined;
  const background = Math.min(0.99, Math.max(1e-6, (median - black) / range));
  const midtone = transfer(TARGET, background);
  return (value) => {
    const x = (value - black) / range;
    return x > 0 ? Math.round(255 * transfer(midtone, Math.min(1, x))) : 0;
  };
}

/** Linear data as a picture of 8 bits, stretched; black where nothing can be shown. */
export function autoStretch({ data, width, height }: GreyImage): Uint8Array {
  const out = new Uint8Array(width * height);
  const stretched = screenStretch(data, data instanceof Uint8Array ? HALF_A_STEP : 0);
  if (stretched) for (let i = 0; i < data.length; i++) out[i] = stretched(data[i]!);
  return out;
}

/** Pixels of 8 bits, stretched in place: each colour by a curve of its own, so that the sky is grey whatever light is over it. */
export function stretchColours(pixels: Uint8Array, channels: number): void {
  for (let channel = 0; channel < channels; channel++) {
    const plane = new Uint8Array(pixels.length / channels);
    for (let i = 0; i < plane.length; i++) plane[i] = pixels[i * channels + channel]!;
    const stretched = screenStretch(plane, HALF_A_STEP);
    if (!stretched) continue;
    const curve = Uint8Array.from({ length: 256 }, (_, value) => stretched(value));
    for (let i = 0; i < plane.length; i++) pixels[i * channels + channel] = curve[plane[i]!]!;
  }
}

/** A picture is nearly black whose mean is below this, and of which only this share of the pixels is brighter than a quarter of white. */
const DARK = { mean: 40, share: 0.001, level: 64 };

/** Whether stars and sky can hardly be seen in a picture of brightnesses from 0 to 255. */
export function isNearlyBlack(brightness: Uint8Array): boolean {
  let [sum, bright] = [0, 0];
  for (const value of brightness) {
    sum += value;
    if (value >= DARK.level) bright++;
  }
  return sum < DARK.mean * brightness.length && bright < DARK.share * brightness.length;
}

/** Midtones transfer: 0 → 0, m → ½, 1 → 1. With `m` and `x` exchanged it finds the m that brings x to the value. */
function transfer(m: number, x: number): number {
  return ((m - 1) * x) / ((2 * m - 1) * x - m);
}
