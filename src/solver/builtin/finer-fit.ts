import type { SolveAnswer, SolveSuccess } from '../../engine/question.js';
import type { StarList } from '../../stars/list.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import { parityOf, pixelScale } from '../search/respects-bounds.js';
import { asAsked, type FieldLists } from './field-lists.js';
import type { EngineQuestion } from './messages.js';

/** A solution with the list that it was fitted to. */
export interface Found {
  answer: SolveSuccess;
  list: StarList;
}

/** So many matched stars say all of a lens that others would; finding them again in more pixels costs more than the whole search. */
const MANY = 80;
/** How far the finer solution may be from the coarse one: shares of the scale, and of the diagonal. */
const SCALE_OFF = 0.02;
const PLACE_OFF = 0.02;
/** A search within such bounds finds the field with its first quads or not at all. */
const BUDGET = 40_000;

/**
 * Solves again with the stars as more pixels of the image show them, where few were matched in a shrunk one: those show fewer stars, and
 * place them worse. What was found stays unless the mean place of the other's stars is better known.
 * @param ask asks the engine
 */
export async function finerFit(
  found: Found,
  lists: FieldLists,
  question: EngineQuestion,
  ask: (question: EngineQuestion) => Promise<SolveAnswer>,
): Promise<Found> {
  const { answer, list } = found;
  if (answer.matches.length >= MANY) return found;
  const finer = await lists.finerThan(list);
  if (finer.length === 0) return found;
  const { wcs } = answer;
  const { width, height } = question;
  const scale = pixelScale(wcs);
  const [ra_deg, dec_deg] = pixelToSky(wcs, (width + 1) / 2, (height + 1) / 2);
  const again = await ask({
    ...question,
    stars: asAsked(finer),
    bounds: {
      scale: { low: scale * (1 - SCALE_OFF), high: scale * (1 + SCALE_OFF) },
      position: { ra_deg, dec_deg, radius_deg: (PLACE_OFF * scale * Math.hypot(width, height)) / 3600 },
      parity: parityOf(wcs),
    },
    budget: BUDGET,
  });
  const other = again.solved && finer[again.list];
  if (!again.solved || !other || standardError(again) >= standardError(answer)) return found;
  // That it is true was decided among all hypotheses, not among those about what had been found.
  const { log_odds, index, counts } = answer;
  return { answer: { ...again, log_odds, index, counts }, list: other };
}

/** How well the mean place of the matched stars is known, pixels. */
function standardError({ sigma_px, matches }: SolveSuccess): number {
  return sigma_px / Math.sqrt(matches.length);
}
