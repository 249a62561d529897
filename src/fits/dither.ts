// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
const COUNT = 10_000;

/** Marks an exact zero under SUBTRACTIVE_DITHER_2. */
const ZERO_VALUE = -2147483646;

let sequence: Float32Array | undefined;

/** The numbers that every FITS writer dithers with (Park & Miller 1988; FITS 4.0, appendix I). */
function randomSequence(): Float32Array {
  if (sequence) return sequence;
  sequence = new Float32Array(COUNT);
  for (let i = 0, seed = 1; i < COUNT; i++) {
    seed = (16807 * seed) % 2147483647;
    sequence[i] = seed / 2147483647;
  }
  return sequence;
}

/** How the floats of a tile were turned into integers. */
export interface Quantization {
  scale: number;
  zero: number;
  blank?: number;
  method: 'NO_DITHER' | 'SUBTRACTIVE_DITHER_1' | 'SUBTRACTIVE_DITHER_2';
  /** ZDITHER0 + tile number (from 0) − 1. */
  seed: number;
}

/** Quantized integers back to floats (FITS 4.0, 10.2). */
export function dequantize(values: ArrayLike<number>, quantization: Quantization): Float32Array {
  const { scale, zero, blank = Number.NaN, method, seed } = quantization;
  const random = randomSequence();
  const dithered = method !== 'NO_DITHER';
  let row = ((seed % COUNT) + COUNT) % COUNT;
  // `row` and `next` count modulo the length of the sequence.
  let next = Math.floor(random[row]! * 500);
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === blank) out[i] = Number.NaN;
    else if (value === ZERO_VALUE && method === 'SUBTRACTIVE_DITHER_2') out[i] = 0;
    else out[i] = (dithered ? value - random[next]! + 0.5 : value) * scale + zero;
    if (++next === COUNT) {
      row = (row + 1) % COUNT;
      next = Math.floor(random[row]! * 500);
    }
  }
  return out;
}
