// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { FisheyeCode } from '../../wcs/zenithal.js';
import type { Lens } from './lens.js';
import { type LensPairs, pairsWhere } from './lens-fit.js';
import { MOST_RADIAL } from './model-terms.js';
import { type FittedModel, fitModel, type ModelTerms, numbersOf } from './zenithal-fit.js';
import { ZenithalModel } from './zenithal-model.js';

const CODES: readonly FisheyeCode[] = ['ARC', 'ZEA', 'STG', 'SIN'];
/** Those by which the projection is chosen, from the simplest on. */
const RADIAL: readonly ModelTerms[] = [0, 1, 2, 3].map((radial) => ({ radial, free: 0 }));
/** What the lens of that projection may need besides. */
const FREE_DEGREES = [2, 3, 5] as const;
/** Coordinates of stars for each number that a model fits. */
const STARS_A_NUMBER = 2;
const FOLDS = 5;
/** From a fit to all stars a fit to most of them is not far. */
const HELD_OUT_STEPS = 3;
/** A model with more terms must do better than this on the stars that it has not seen. */
const EARNED = 0.97;

export interface ChosenModel extends FittedModel {
  terms: ModelTerms;
  /** Root mean square at stars that took no part in the fit, pixels. */
  held_out_px: number;
}

/**
 * The projection and the terms that predict best the stars that they were not fitted to (fivefold cross-validation), of equals the one with the
 * fewest terms. It holds over the whole sky, or the whole image.
 * @param corner_px distance of the farthest corner from the principal point
 */
export function chooseModel(
  lens: Lens,
  half: number,
  pairs: LensPairs,
  sigma_px: number,
  corner_px: number,
): ChosenModel | undefined {
  const attempt = (start: ZenithalModel, terms: ModelTerms): ChosenModel | undefined => {
    if (2 * pairs.count < STARS_A_NUMBER * numbersOf(terms)) return undefined;
    const fitted = fitModel(start, pairs, terms, sigma_px);
    const held_out_px = fitted && heldOut(fitted.model, pairs, terms, sigma_px);
    return held_out_px === undefined ? undefined : { ...fitted!, terms, held_out_px }; // Held out of what was fitted.
  };
  const radial = CODES.flatMap((code) => {
    let start = new ZenithalModel(code, lens, half);
    return RADIAL.flatMap((terms) => {
      const tried = attempt(start, terms);
      if (tried) start = tried.model;
      return tried ?? [];
    });
  });
  const reaching = radial.filter(({ model }) => model.reaches(corner_px));
  const best = simplest(reaching.length > 0 ? reaching : radial);
  if (!best) return undefined;
  const tried = [best];
  for (const terms of [best.terms.radial, MOST_RADIAL].flatMap((radial) =>
    FREE_DEGREES.map((free) => ({ radial, free })),
  )) {
    const next = attempt(best.model, terms);
    if (next?.model.reaches(corner_px)) tried.push(next);
  }
  return simplest(tried);
}

/** The lens as it is known, aimed by the stars; what it predicts of those that took no part. */
export function aimKnown(known: ZenithalModel, pairs: LensPairs, sigma_px: number): ChosenModel | undefined {
  const terms: ModelTerms = { radial: 0, free: 0, pose: 'near' };
  const fitted = fitModel(known, pairs, terms, sigma_px);
  const held_out_px = fitted && heldOut(fitted.model, pairs, terms, sigma_px);
  return held_out_px === undefined ? undefined : { ...fitted!, terms, held_out_px }; // Held out of what was fitted.
}

/** Of the models that predict about as well as the best, the one with the fewest numbers. */
function simplest(tried: readonly ChosenModel[]): ChosenModel | undefined {
  const least = Math.min(...tried.map(({ held_out_px }) => held_out_px));
  return tried
    .filter(({ held_out_px }) => held_out_px * EARNED <= least)
    .sort((a, b) => numbersOf(a.terms) - numbersOf(b.terms) || a.held_out_px - b.held_out_px)[0];
}

function heldOut(
  start: ZenithalModel,
  pairs: LensPairs,
  terms: ModelTerms,
  sigma_px: number,
): number | undefined {
  const out = new Float64Array(2);
  let sum = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const fitted = fitModel(
      start,
      pairsWhere(pairs, (i) => i % FOLDS !== fold),
      terms,
      sigma_px,
      HELD_OUT_STEPS,
    );
    if (!fitted) return undefined;
    for (let i = fold; i < pairs.count; i += FOLDS) {
      const { directions: d, x, y } = pairs;
      fitted.model.misfit(d[3 * i]!, d[3 * i + 1]!, d[3 * i + 2]!, x[i]!, y[i]!, out, 0);
      sum += out[0]! ** 2 + out[1]! ** 2;
    }
  }
  return Number.isFinite(sum) ? Math.sqrt(sum / pairs.count) : undefined;
}
