import type { Random } from './random.js';

/** Linear brightness: 0 is black, 1 is where the sensor saturates. Rows in file order, channels interleaved. */
export interface Canvas {
  data: Float32Array;
  width: number;
  height: number;
  channels: 1 | 3;
}

/** How light spreads: round Gaussians, each with its share of the flux. One is a star; wide ones beside it are glow. */
export type Psf = readonly { fwhm_px: number; share: number }[];

const SIGMA_PER_FWHM = 1 / Math.sqrt(8 * Math.LN2);

/** Abramowitz & Stegun 7.1.26: error below 1.5e-7, and odd, so that no star is shifted. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

/** Shares of a Gaussian around `centre` that fall on the pixels `from` … `to` (0-based). */
function pixelShares(centre: number, sigma: number, from: number, to: number): Float64Array {
  const edge = (pixel: number) => erf((pixel - 0.5 - centre) / (sigma * Math.SQRT2)) / 2;
  const shares = new Float64Array(to - from + 1);
  let before = edge(from);
  for (let i = 0; i < shares.length; i++) {
    const after = edge(from + i + 1);
    shares[i] = after - before;
    before = after;
  }
  return shares;
}

/** Share of the flux on the central pixel of a star centred on it. */
export function peakShare(psf: Psf): number {
  return psf.reduce((sum, { fwhm_px, share }) => {
    return sum + share * pixelShares(0, fwhm_px * SIGMA_PER_FWHM, 0, 0)[0]! ** 2;
  }, 0);
}

/** Adds a star at a FITS pixel, integrated over each pixel, out to where it falls below `threshold`. */
export function addStar(
  { data, width, height, channels }: Canvas,
  [x, y]: readonly [number, number],
  flux: number,
  psf: Psf,
  threshold: number,
  colour: readonly [number, number, number] = [1, 1, 1],
): void {
  for (const { fwhm_px, share } of psf) {
    const sigma = fwhm_px * SIGMA_PER_FWHM;
    const brightness = (flux * share) / (2 * Math.PI * sigma * sigma);
    if (brightness < threshold / 4) continue;
    const radius = sigma * Math.sqrt(2 * Math.max(Math.log(brightness / threshold), 0)) + 1.5;
    const [left, right] = [
      Math.max(0, Math.ceil(x - 1 - radius)),
      Math.min(width - 1, Math.floor(x - 1 + radius)),
    ];
    const [top, bottom] = [
      Math.max(0, Math.ceil(y - 1 - radius)),
      Math.min(height - 1, Math.floor(y - 1 + radius)),
    ];
    if (left > right || top > bottom) continue;
    const columns = pixelShares(x - 1, sigma, left, right);
    const rows = pixelShares(y - 1, sigma, top, bottom);
    for (let row = top; row <= bottom; row++) {
      const light = flux * share * rows[row - top]!;
      let at = (row * width + left) * channels;
      for (const column of columns) {
        for (let c = 0; c < channels; c++) data[at++]! += light * column * colour[c]!;
      }
    }
  }
}

export interface Background {
  /** @default 0.08 */
  level?: number;
  /** Change of level across the width and down the height. @default [0, 0] */
  gradient?: readonly [number, number];
  /** Share of light lost in the corners. @default 0 */
  vignette?: number;
}

export function addBackground({ data, width, height, channels }: Canvas, background: Background): void {
  const { level = 0.08, gradient = [0, 0], vignette = 0 } = background;
  const corner2 = (width ** 2 + height ** 2) / 4;
  for (let row = 0; row < height; row++) {
    const dy = row - (height - 1) / 2;
    const rowLevel = level + (gradient[1] * dy) / height;
    let at = row * width * channels;
    for (let column = 0; column < width; column++) {
      const dx = column - (width - 1) / 2;
      const light = rowLevel + (gradient[0] * dx) / width;
      const kept = 1 - (vignette * (dx * dx + dy * dy)) / corner2;
      for (let c = 0; c < channels; c++, at++) data[at] = (data[at]! + light) * kept;
    }
  }
}

/** Single saturated pixels, as warm sensors have them. */
export function addHotPixels({ data, width, height, channels }: Canvas, count: number, random: Random): void {
  for (let i = 0; i < count; i++) {
    const at = Math.floor(random.uniform() * width * height) * channels;
    data.fill(1, at, at + channels);
  }
}

/** Conifers along the last rows: black, ragged, with gaps through which the sky shines like false stars. */
export function addTrees({ data, width, height, channels }: Canvas, share: number, random: Random): void {
  const ground = height * (1 - share / 3);
  const skyline = new Float64Array(width).fill(ground);
  for (let i = 0, trees = 6 + Math.floor(random.uniform() * 6); i < trees; i++) {
    const [stem, tall] = [random.uniform() * width, share * height * (0.5 + random.uniform())];
    const slope = 2 + 2 * random.uniform();
    for (let x = 0; x < width; x++) {
      const branch = (Math.abs(x - stem) * 24) / tall;
      const top = ground - tall + Math.abs(x - stem) * slope - (branch % 1) * tall * 0.03;
      skyline[x] = Math.min(skyline[x]!, top);
    }
  }
  for (let x = 0; x < width; x++) {
    for (let y = Math.max(0, Math.floor(skyline[x]!)); y < height; y++) {
      if (random.uniform() < 0.002) continue;
      const at = (y * width + x) * channels;
      data.fill(0.015 + 0.01 * random.uniform(), at, at + channels);
    }
  }
}
