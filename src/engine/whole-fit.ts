// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { KnownLens } from '../wcs/calibration.js';
import { RAD } from '../wcs/sphere.js';
import { pixelToSky, skyToPixels } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import type { StarList } from './field.js';
import { type FieldFit, fitField, type ReferenceStars } from './fit/fit-field.js';
import type { MatchedStar } from './question.js';
import type { StarIndex } from './star-index.js';
import { placeOf } from './tangent-fit.js';

/** A plate solution with the stars that it was fitted to. */
export interface FittedSolution extends Pick<FieldFit, 'wcs' | 'sigma_px' | 'report' | 'coverage'> {
  matches: MatchedStar[];
}

/** For each star of the image so many of the catalogue's, at most `MAX_REFERENCES`. */
const REFERENCES_A_STAR = 2;
const FEWEST_REFERENCES = 60;
const MAX_REFERENCES = 1500;
/** Beyond this a field has no tangent plane, radians. */
const MAX_RADIUS = 1.5;
/** A distortion may move stars into the image from so far outside, in sides of it. */
const MARGIN = 0.1;

/**
 * Fits a solution to all stars of a list that the index has, beginning with those that are matched; see `fitField`.
 * @param order the highest of the distortion (SIP); 0 and 1 allow none
 * @param known the lens, where other images have shown it
 */
export function fitWholeList(
  tangent: Wcs,
  seeds: readonly MatchedStar[],
  list: StarList,
  index: StarIndex,
  order: number,
  known?: KnownLens,
): FittedSolution | undefined {
  const { ids, reference } = referencesIn(tangent, index, list.x.length);
  const pairs = {
    x: seeds.map(({ star }) => list.x[star]!),
    y: seeds.map(({ star }) => list.y[star]!),
    ra_deg: seeds.map(({ ra_deg }) => ra_deg),
    dec_deg: seeds.map(({ dec_deg }) => dec_deg),
  };
  const fitted = fitField(tangent, pairs, list, reference, order, known);
  if (!fitted) return undefined;
  const matches = fitted.matches.map(({ field, reference: at }) => ({
    star: field,
    x: list.x[field]!,
    y: list.y[field]!,
    ra_deg: reference.ra_deg[at]!,
    dec_deg: reference.dec_deg[at]!,
    magnitude: index.magnitude(ids[at]!),
    id: ids[at]!,
  }));
  return { ...fitted, matches };
}

/** The brightest stars of an index in an image and a little about it. */
function referencesIn(
  wcs: Wcs,
  index: StarIndex,
  listed: number,
): { ids: number[]; reference: ReferenceStars } {
  const { width, height } = wcs;
  const [ra, dec] = pixelToSky(wcs, (width + 1) / 2, (height + 1) / 2).map((angle) => angle * RAD) as [
    number,
    number,
  ];
  const [[a, b], [c, d]] = wcs.cd;
  const scale = Math.sqrt(Math.abs(a * d - b * c)) * RAD;
  const radius = Math.min(MAX_RADIUS, 1.1 * Math.atan((Math.hypot(width, height) / 2) * scale));
  const limit = Math.min(MAX_REFERENCES, Math.max(FEWEST_REFERENCES, REFERENCES_A_STAR * listed));
  const found = new Int32Array(limit);
  const direction = new Float64Array(3);
  const [x, y, z] = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
  const count = index.brightest(x, y, z, radius, limit, found);
  const places = Array.from(found.subarray(0, count), (id) => {
    index.direction(id, direction, 0);
    return { id, place: placeOf(direction) };
  });
  const column = (axis: 0 | 1, of: typeof places) => Float64Array.from(of, ({ place }) => place[axis]);
  const pixels = skyToPixels(wcs, column(0, places), column(1, places));
  const isNear = (at: number, side: number) => at > -MARGIN * side && at < (1 + MARGIN) * side;
  const inside = places.filter((_, i) => isNear(pixels.x[i]!, width) && isNear(pixels.y[i]!, height));
  return {
    ids: inside.map(({ id }) => id),
    reference: { ra_deg: column(0, inside), dec_deg: column(1, inside), isSorted: true },
  };
}
