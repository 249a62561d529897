import { QUAD_SIZES } from '../../engine/quads.js';
import type { FieldBounds } from '../../engine/question.js';
import type { StarListPlan } from '../search/attempts.js';
import { commonScale, userPosition, userScale, widestScale } from '../search/bounds.js';
import { usualShrink } from '../search/plan.js';
import type { SolveRequest } from '../solver.js';

/** One step of the search for an image: what is searched, and with which lists of its stars. */
export interface Stage {
  name: string;
  reason: string;
  bounds: FieldBounds;
  /** Sizes of quads, degrees. */
  sizes: readonly number[];
  /** How many of the lists, the likeliest first. */
  lists: number;
  depth?: number;
  maxHypotheses: number;
}

/** Lists of stars, the likeliest to succeed first. A list that was given as the image itself is the only one. */
export function listPlans({ image, params }: SolveRequest): StarListPlan[] {
  const shrink = usualShrink(image.width, image.height, params.downsample);
  const at = (factor: number): StarListPlan[] => [
    { shrink: factor, sigmas: 5, boxes: 10 },
    { shrink: factor, sigmas: 5, boxes: 0 },
  ];
  return [...at(shrink), ...(shrink > 1 ? at(shrink / 2) : []), ...at(shrink * 2)];
}

/** Quads from this size on are made within the first half second of a process. */
const SOON_DEG = 2.83;
/** Hypotheses of the whole search: a few seconds of one core. */
const ALL_HYPOTHESES = 150_000;
const HINTED_HYPOTHESES = 60_000;
const SOON_HYPOTHESES = 40_000;
const SOON_DEPTH = 14;

/** What is searched one after another. The caller's bounds hold throughout; hints of the metadata only come first. */
export function planStages(request: SolveRequest): Stage[] {
  const { image, params, hints } = request;
  const position = userPosition(params);
  const bounds: FieldBounds = {
    scale: userScale(params, image.width) ?? widestScale(image.width),
    ...(position && { position }),
    ...(params.parity !== null && { parity: params.parity }),
  };
  const stages: Stage[] = [];
  const add = (
    name: string,
    reason: string,
    field: FieldBounds,
    more: Omit<Stage, 'name' | 'reason' | 'bounds' | 'sizes'>,
    from = 0,
  ) => {
    const sizes = sizesWithin(field, image).filter((size) => size >= from);
    if (sizes.length > 0) stages.push({ name, reason, bounds: field, sizes, ...more });
  };
  if (params.use_metadata) {
    const [place] = hints.positions;
    for (const hint of hints.scales.slice(0, 2)) {
      const scale = commonScale(bounds.scale, {
        low: hint.low_arcsec_per_pixel,
        high: hint.high_arcsec_per_pixel,
      });
      if (!scale) continue;
      const hinted = { lists: 2, maxHypotheses: HINTED_HYPOTHESES };
      if (place && !position)
        add(
          `${hint.source}-scale-position`,
          `${hint.reason}; ${place.reason}`,
          { ...bounds, scale, position: place },
          hinted,
        );
      add(`${hint.source}-scale`, hint.reason, { ...bounds, scale }, hinted);
    }
  }
  const word = position || params.scale_low !== null || params.scale_high !== null ? 'bounded' : 'blind';
  const reason = word === 'blind' ? 'nothing is known of the field' : 'what the caller allows';
  add(
    word,
    `${reason}; the first stars`,
    bounds,
    { lists: 2, depth: SOON_DEPTH, maxHypotheses: SOON_HYPOTHESES },
    SOON_DEG,
  );
  add(`${word}-deep`, `${reason}; all stars`, bounds, { lists: 6, maxHypotheses: ALL_HYPOTHESES });
  return stages;
}

/** The sizes of quads that can lie in the image: from a tenth of its shorter side to its diagonal. */
function sizesWithin({ scale }: FieldBounds, { width, height }: { width: number; height: number }): number[] {
  const smallest = (0.1 * Math.min(width, height) * scale.low) / 3600;
  const largest = (Math.hypot(width, height) * scale.high) / 3600;
  return QUAD_SIZES.filter((size) => size * 1.2 >= smallest && size * 0.66 <= largest);
}
