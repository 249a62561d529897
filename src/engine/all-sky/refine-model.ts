// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../../wcs/sphere.js';
import { skyToPixels } from '../../wcs/tan-sip.js';
import type { ImageCircle, Wcs } from '../../wcs/wcs.js';
import { Field, type StarList } from '../field.js';
import { MAX_SIGMAS } from '../local-check.js';
import type { MatchedStar } from '../question.js';
import type { StarIndex } from '../star-index.js';
import { placeOf } from '../tangent-fit.js';
import { aimKnown, type ChosenModel, chooseModel } from './choose-model.js';
import type { KnownFisheye } from './known-fisheye.js';
import type { Lens } from './lens.js';
import type { LensPairs } from './lens-fit.js';
import { fitModel } from './zenithal-fit.js';
import type { ZenithalModel } from './zenithal-model.js';

const ROUNDS = 6;
const CHOICE_ROUND = 2;
/** For each star of the list so many of the catalogue's, in all of the sky that is seen. */
const REFERENCES_A_STAR = 2.5;
const MAX_REFERENCES = 3000;
/** No star is looked for so far away that this many others would lie there by chance. */
const MAX_CHANCE = 0.02;
/** A fisheye lens may see further; but nearly all look up, and below the horizon there are no stars. Radians from the axis. */
const FURTHEST = 100 * RAD;
const LEAST_SIGMA_PX = 0.3;
const MEDIAN_DISTANCE = Math.sqrt(2 * Math.LN2);
/** How far from the axis an image is taken to show the sky where its edge is not known: so far, radians, or a little beyond the stars. */
const WHOLE_SKY = 92 * RAD;
const BEYOND_STARS = 2 * RAD;

export interface RefinedModel {
  chosen: ChosenModel;
  wcs: Wcs;
  matches: MatchedStar[];
  sigma_px: number;
  /** Angle from the axis of the outermost matched star, radians. */
  outermost: number;
}

export interface RefineOptions {
  width: number;
  height: number;
  /** Standard deviation of a star's place along one axis, as a start. */
  sigma_px: number;
  /** In which the image is known to show the sky. */
  circle?: ImageCircle | undefined;
  /** The lens, where other images have shown it: then its model is theirs, and only aimed. */
  known?: KnownFisheye | undefined;
}

/**
 * Makes a plate solution of a lens that was grown: chooses its projection, matches all stars of the list, and fits again, until they are the
 * same ones. Undefined when they do not determine one.
 */
export function refineModel(
  lens: Lens,
  matched: readonly MatchedStar[],
  list: StarList,
  index: StarIndex,
  { width, height, sigma_px, circle, known }: RefineOptions,
): RefinedModel | undefined {
  const field = new Field(list, width, height, list.x.length);
  const references = referencesOf(lens, index, field.count);
  const half = Math.max(width, height) / 2;
  let matches = [...matched];
  let sigma = sigma_px;
  let signature = '';
  let chosen: ChosenModel | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const pairs = pairsOf(matches, index);
    if (known) chosen = aimKnown(aimed(known, lens.parity, chosen?.model.r ?? lens.r), pairs, sigma);
    // The choice takes long; it is made again once, when most stars are there.
    else if (!chosen || round === CHOICE_ROUND)
      chosen = chooseModel(lens, half, pairs, sigma, cornerOf(lens, width, height));
    else {
      const fitted = fitModel(chosen.model, pairs, chosen.terms, sigma);
      chosen = fitted && { ...chosen, ...fitted };
    }
    if (!chosen) return undefined;
    sigma = Math.max(LEAST_SIGMA_PX, spreadOf(chosen.model, matches, index));
    const found = rematch(chosen, field, references, index, sigma, circle);
    const next = found.map(({ star, id }) => `${star}:${id}`).join();
    if (next === signature && round > CHOICE_ROUND) break;
    signature = next;
    matches = found;
  }
  if (!chosen) return undefined;
  const { model } = chosen;
  const distances = matches.map(({ x, y }) => Math.hypot(x - model.cx, y - model.cy));
  const outermost = model.angleAt(Math.max(...distances));
  return {
    chosen,
    wcs: withCircle(model, width, height, outermost, circle),
    matches,
    sigma_px: sigma,
    outermost,
  };
}

function aimed(known: KnownFisheye, parity: 1 | -1, r: Lens['r']): ZenithalModel {
  const model = known.modelOf(parity);
  model.r.set(r);
  return model;
}

interface References {
  ids: Int32Array;
  directions: Float64Array;
  ra_deg: Float64Array;
  dec_deg: Float64Array;
}

function referencesOf({ r }: Lens, index: StarIndex, listed: number): References {
  const limit = Math.min(MAX_REFERENCES, Math.ceil(REFERENCES_A_STAR * listed));
  const found = new Int32Array(limit);
  const count = index.brightest(r[6]!, r[7]!, r[8]!, 0.6 * Math.PI, limit, found);
  const ids = found.slice(0, count);
  const directions = new Float64Array(3 * count);
  const [ra_deg, dec_deg] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    index.direction(ids[i]!, directions, 3 * i);
    [ra_deg[i], dec_deg[i]] = placeOf(directions.subarray(3 * i, 3 * i + 3));
  }
  return { ids, directions, ra_deg, dec_deg };
}

function pairsOf(matches: readonly MatchedStar[], index: StarIndex): LensPairs {
  const directions = new Float64Array(3 * matches.length);
  matches.forEach(({ id }, i) => {
    index.direction(id, directions, 3 * i);
  });
  return {
    count: matches.length,
    directions,
    x: Float64Array.from(matches, ({ x }) => x),
    y: Float64Array.from(matches, ({ y }) => y),
  };
}

/** Standard deviation of a star's place along one axis, pixels, from the median. */
function spreadOf(model: ZenithalModel, matches: readonly MatchedStar[], index: StarIndex): number {
  const { directions, x, y, count } = pairsOf(matches, index);
  const out = new Float64Array(2);
  const distances = Float64Array.from({ length: count }, (_, i) => {
    model.misfit(directions[3 * i]!, directions[3 * i + 1]!, directions[3 * i + 2]!, x[i]!, y[i]!, out, 0);
    return Math.hypot(out[0]!, out[1]!);
  }).sort();
  return (distances[count >> 1] ?? 0) / MEDIAN_DISTANCE;
}

/** The image's stars with the catalogue's that are closest to them, as far as the model is known there. */
function rematch(
  { model, uncertainty }: ChosenModel,
  field: Field,
  { ids, directions, ra_deg, dec_deg }: References,
  index: StarIndex,
  sigma: number,
  circle: ImageCircle | undefined,
): MatchedStar[] {
  const bounds = circle ?? { x: model.cx, y: model.cy, radius: model.steadyRadius };
  const wcs = { ...model.toWcs(field.width, field.height), circle: bounds };
  const { x, y } = skyToPixels(wcs, ra_deg, dec_deg);
  const farthest = Math.sqrt((MAX_CHANCE * field.width * field.height) / (Math.PI * field.count));
  const closest = new Map<number, MatchedStar & { distance: number }>();
  for (let i = 0; i < ids.length; i++) {
    if (Number.isNaN(x[i]!) || !field.has(x[i]!, y[i]!)) continue;
    const known = uncertainty(
      directions[3 * i]!,
      directions[3 * i + 1]!,
      directions[3 * i + 2]!,
      x[i]!,
      y[i]!,
    );
    const reach = MAX_SIGMAS * Math.hypot(sigma, known);
    if (!(reach <= farthest) || model.angleAt(Math.hypot(x[i]! - model.cx, y[i]! - model.cy)) > FURTHEST)
      continue;
    const star = field.nearest(x[i]!, y[i]!, reach);
    if (star < 0) continue;
    const [fx, fy] = [field.x[star]!, field.y[star]!];
    const distance = Math.hypot(fx - x[i]!, fy - y[i]!);
    if (distance >= (closest.get(star)?.distance ?? Number.POSITIVE_INFINITY)) continue;
    const id = ids[i]!;
    closest.set(star, {
      star,
      x: fx,
      y: fy,
      ra_deg: ra_deg[i]!,
      dec_deg: dec_deg[i]!,
      magnitude: index.magnitude(id),
      id,
      distance,
    });
  }
  return [...closest.values()].sort((a, b) => a.star - b.star).map(({ distance, ...match }) => match);
}

/** Distance of the farthest corner from the principal point, pixels. */
function cornerOf({ cx, cy }: { cx: number; cy: number }, width: number, height: number): number {
  return Math.hypot(Math.max(cx, width + 1 - cx), Math.max(cy, height + 1 - cy));
}

/**
 * A model's solution, with the circle in which it holds where that is not the whole image.
 * @param outermost angle from the axis of the outermost matched star, radians
 */
export function withCircle(
  model: ZenithalModel,
  width: number,
  height: number,
  outermost: number,
  known: ImageCircle | undefined,
): Wcs {
  const wcs = model.toWcs(width, height);
  const corner = cornerOf(model, width, height);
  const steady = model.steadyRadius;
  if (known) {
    // Where the model ends within the circle, it ends about its own axis.
    const isWithin = Math.hypot(known.x - model.cx, known.y - model.cy) + known.radius <= steady;
    return {
      ...wcs,
      circle: isWithin ? known : { x: model.cx, y: model.cy, radius: Math.min(known.radius, steady) },
    };
  }
  const edge = Math.max(outermost + BEYOND_STARS, WHOLE_SKY);
  if (corner <= steady && model.angleAt(corner) <= edge) return wcs;
  return {
    ...wcs,
    circle: { x: model.cx, y: model.cy, radius: Math.min(steady, radiusAt(model, edge, steady)) },
  };
}

/** The distance from the principal point at which a model looks so far from its axis, by bisection. */
function radiusAt(model: ZenithalModel, angle: number, most: number): number {
  let [low, high] = [0, most];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (model.angleAt(middle) < angle) low = middle;
    else high = middle;
  }
  return low;
}
