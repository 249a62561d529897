// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays.
import type { LensFit, LensFitPart } from '../../job/solve-report.js';
import { halfDiagonal, type StarPairs } from '../../wcs/fit.js';
import type { LensPolynomial } from '../../wcs/lens-polynomial.js';
import { separation } from '../../wcs/sphere.js';
import { distorted, isInCircle, pixelsToSky, skyToPixels } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';

/** How many of the catalogue's stars that an image should show it does show: in the outermost third of the radius, and within. */
export interface Shown {
  inner: { sought: number; found: number };
  outer: { sought: number; found: number };
}

export interface DescribedFit {
  wcs: Wcs;
  order: number;
  lens: LensPolynomial;
  pairs: StarPairs;
  held_out_px?: number;
  /** How well stars are measured: standard deviation along one axis of a fit that may bend as much as it needs, pixels. */
  measured_px: number;
  shown: Shown;
}

/** The most by which a fit that is good to the corners may be off there: standard deviation, pixels; more in large images. */
const GOOD_PX = 1;
const LARGE_DIAGONAL = 2500;
/** Corners that show less of their stars than this, against the middle, are not known to be matched. */
const LEAST_SHOWN = 0.5;
/** Residuals in the corners of more standard deviations than this, root mean square, are the lens: a Gaussian has √2. */
const MAX_SIGMAS = 4;
/** Coverage: cells along each side of the image, and the reach of a star in diagonals of it. */
const CELLS = 32;
const REACH = 1 / 8;

/** What `solve.fit` says. */
export function describeFit({
  wcs,
  order,
  lens,
  pairs,
  held_out_px,
  measured_px,
  shown,
}: DescribedFit): LensFit {
  const { width, height } = wcs;
  const half = halfDiagonal(wcs);
  const [cx, cy] = [(width + 1) / 2, (height + 1) / 2];
  const ra = Float64Array.from(pairs.ra_deg);
  const dec = Float64Array.from(pairs.dec_deg);
  const expected = skyToPixels(wcs, ra, dec);
  const found = pixelsToSky(wcs, Float64Array.from(pairs.x), Float64Array.from(pairs.y));
  const count = ra.length;
  const sums = [0, 0, 0] as [number, number, number];
  const stars = [0, 0, 0] as [number, number, number];
  let [sum_px, sum_arcsec] = [0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y] = [pairs.x[i]!, pairs.y[i]!];
    const off = (expected.x[i]! - x) ** 2 + (expected.y[i]! - y) ** 2;
    const third = Math.min(2, Math.floor((3 * Math.hypot(x - cx, y - cy)) / half)) as 0 | 1 | 2;
    stars[third]++;
    sums[third] += off;
    sum_px += off;
    sum_arcsec += (3600 * separation(ra[i]!, dec[i]!, found.ra_deg[i]!, found.dec_deg[i]!)) ** 2;
  }
  const part = (third: 0 | 1 | 2): LensFitPart => ({
    stars: stars[third],
    ...(stars[third] > 0 && { rms_px: Math.sqrt(sums[third] / stars[third]) }),
  });
  const sigmas = [-1, 1].flatMap((x) =>
    [-1, 1].map((y) => lens.deviation((x * width) / 2 / half, (y * height) / 2 / half)),
  );
  const corner_sigma_px = half * Math.max(...sigmas);
  const good_px = GOOD_PX * Math.max(1, (2 * half) / LARGE_DIAGONAL);
  const outer_px = part(2).rms_px ?? 0;
  return {
    model: wcs.sip ? 'TAN-SIP' : 'TAN',
    order,
    stars: count,
    rms_arcsec: Math.sqrt(sum_arcsec / count),
    rms_px: Math.sqrt(sum_px / count),
    ...(held_out_px !== undefined && { held_out_px }),
    thirds: [part(0), part(1), part(2)],
    corner_distortion_px: cornerDistortion(wcs),
    corner_sigma_px,
    good_to_corners:
      corner_sigma_px <= good_px &&
      outer_px <= Math.max(good_px, MAX_SIGMAS * measured_px) &&
      shareOf(shown.outer) >= LEAST_SHOWN * shareOf(shown.inner),
  };
}

function shareOf({ sought, found }: Shown['inner']): number {
  return sought === 0 ? 1 : found / sought;
}

/** How far the distortion moves the corner that it moves most, pixels. */
export function cornerDistortion({ crpix, width, height, sip }: Wcs): number {
  if (!sip) return 0;
  const moves = [0.5, width + 0.5].flatMap((x) =>
    [0.5, height + 0.5].map((y) => {
      const [u, v] = [x - crpix[0], y - crpix[1]];
      const [U, V] = distorted(sip, u, v);
      return Math.hypot(U - u, V - v);
    }),
  );
  return Math.max(...moves);
}

/** Share of an image within reach of stars, see docs/result.md. */
export function coverageOf(
  { x, y }: Pick<StarPairs, 'x' | 'y'>,
  { width, height, circle }: Pick<Wcs, 'width' | 'height' | 'circle'>,
): number {
  const reach2 = (REACH * Math.hypot(width, height)) ** 2;
  const covered = new Uint8Array(CELLS * CELLS);
  const middle = (cell: number, side: number) => ((cell + 0.5) * side) / CELLS + 0.5;
  const reach = Math.sqrt(reach2);
  const cellOf = (at: number, side: number) =>
    Math.max(0, Math.min(CELLS - 1, Math.floor(((at - 0.5) * CELLS) / side)));
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    const right = cellOf(px + reach, width);
    const bottom = cellOf(py + reach, height);
    for (let row = cellOf(py - reach, height); row <= bottom; row++) {
      for (let column = cellOf(px - reach, width); column <= right; column++) {
        const d2 = (middle(column, width) - px) ** 2 + (middle(row, height) - py) ** 2;
        if (d2 <= reach2) covered[row * CELLS + column] = 1;
      }
    }
  }
  let [seen, reached] = [0, 0];
  for (let cell = 0; cell < covered.length; cell++) {
    const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
    if (circle && !isInCircle(circle, middle(column, width), middle(row, height))) continue;
    seen++;
    reached += covered[cell]!;
  }
  return reached / Math.max(1, seen);
}
