// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays.
import type { LensFit, LensFitPart } from '../../job/solve-report.js';
import { skyOutline } from '../../wcs/sky-edge.js';
import { RAD, separation } from '../../wcs/sphere.js';
import { pixelToSky, skyToPixel } from '../../wcs/tan-sip.js';
import type { ImageCircle, Wcs } from '../../wcs/wcs.js';
import type { RefinedModel } from './refine-model.js';
import { type FittedModel, numbersOf } from './zenithal-fit.js';

/** Points of the sky's edge at which the fit's own uncertainty is looked at. */
const EDGE_POINTS = 16;
/** A fit that is good to the edge of the sky may be off there: standard deviation, pixels; more in large images. */
const GOOD_PX = 1;
const LARGE_DIAGONAL = 2500;
/** The matched stars reach at least this share of the way to the edge, and so much of the sky is within reach of them. */
const LEAST_REACH = 0.8;
const LEAST_COVERAGE = 0.7;
/** The model holds out to this share of the radius of the circle that is seen, whose own error is less than that. */
const LEAST_SHARE = 0.99;
/** Coordinates of stars for each number of a model: with fewer it goes through them all, wherever the others are. */
const STARS_A_NUMBER = 4;

/**
 * What `solve.fit` says of a fisheye lens; thirds are those of the way from the optical axis to the edge of the sky.
 * @param coverage share of the sky within reach of the matched stars
 * @param seen where the image is seen to show the sky
 */
export function describeModel(
  { chosen, wcs, matches }: RefinedModel,
  coverage: number,
  seen: ImageCircle | undefined,
): LensFit {
  const { model, held_out_px } = chosen;
  const distanceOf = (x: number, y: number) => Math.hypot(x - model.cx, y - model.cy);
  const outline = skyOutline(wcs, EDGE_POINTS);
  const edge = Math.max(...outline.map(([x, y]) => distanceOf(x, y)));
  const parts = [0, 1, 2].map(() => ({ stars: 0, sum: 0 }));
  let [sum_px, sum_arcsec, reach] = [0, 0, 0];
  for (const { x, y, ra_deg, dec_deg } of matches) {
    const [px, py] = skyToPixel(wcs, ra_deg, dec_deg) ?? [x, y];
    const off = (px - x) ** 2 + (py - y) ** 2;
    const part = parts[Math.min(2, Math.floor((3 * distanceOf(x, y)) / edge))]!;
    part.stars++;
    part.sum += off;
    sum_px += off;
    sum_arcsec += (3600 * separation(...pixelToSky(wcs, x, y), ra_deg, dec_deg)) ** 2;
    reach = Math.max(reach, distanceOf(x, y));
  }
  const corner_sigma_px = edgeSigma(chosen, wcs);
  const [first, second, third] = parts.map(
    ({ stars, sum }): LensFitPart => ({ stars, ...(stars > 0 && { rms_px: Math.sqrt(sum / stars) }) }),
  );
  const good_px = GOOD_PX * Math.max(1, Math.hypot(wcs.width, wcs.height) / LARGE_DIAGONAL);
  return {
    model: model.code,
    order: model.order,
    stars: matches.length,
    rms_arcsec: Math.sqrt(sum_arcsec / matches.length),
    rms_px: Math.sqrt(sum_px / matches.length),
    held_out_px,
    thirds: [first!, second!, third!],
    corner_sigma_px,
    good_to_corners:
      corner_sigma_px <= good_px &&
      reach >= LEAST_REACH * edge &&
      coverage >= LEAST_COVERAGE &&
      (wcs.circle?.radius ?? Number.POSITIVE_INFINITY) >= LEAST_SHARE * (seen?.radius ?? 0) &&
      2 * matches.length >= STARS_A_NUMBER * numbersOf(chosen.terms),
  };
}

/**
 * How well a model knows where the edge of the sky looks, at its worst: standard deviation along one axis, pixels. Where the projection itself ends
 * there, as SIN does at 90°, its derivatives do too, and that point says nothing.
 */
export function edgeSigma({ uncertainty }: Pick<FittedModel, 'uncertainty'>, wcs: Wcs): number {
  const sigmas = skyOutline(wcs, EDGE_POINTS).map(([x, y]) => {
    const [ra, dec] = pixelToSky(wcs, x, y).map((angle) => angle * RAD) as [number, number];
    return uncertainty(Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec), x, y);
  });
  const known = sigmas.filter((sigma) => !Number.isNaN(sigma));
  return known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known);
}
