import type { KnownLens } from '../wcs/calibration.js';
import type { Camera } from './camera.js';
import type { Evidence, GrownMatch } from './evidence.js';
import type { StarList } from './field.js';
import { CERTAIN_LOG_ODDS } from './judge.js';
import type { SolveSuccess } from './question.js';
import type { StarIndex } from './star-index.js';
import { fitTangent, matchesOf } from './tangent-fit.js';
import { fitWholeList } from './whole-fit.js';

/**
 * A true solution predicts stars that took no part in its fit to about what they are measured to. One that is off by so many times as much was fitted to
 * some false ones; only odds that chance never has outweigh it.
 */
const MAX_REST = 6;

/** A match that is decided to be true. */
export interface FoundMatch extends Pick<SolveSuccess, 'evidence' | 'log_odds' | 'counts'> {
  match: GrownMatch & { readonly camera: Camera };
  evidence: Evidence;
  index: StarIndex;
  /** The stars as they stand in the image, whatever straightened form of them was searched. */
  list: StarList;
  /** Of the list. */
  number: number;
  /** Stars of such an image are measured to this, pixels. */
  measured_px: number;
}

/** How the lens is fitted. */
export interface FittedLens {
  /** The highest order of the distortion; 0 and 1 allow none. */
  order: number;
  /** The lens, where other images have shown it. */
  known?: KnownLens;
}

/** The plate solution of a match, fitted to all stars of its list; undefined where they fit none. */
export function solutionOf(
  { match, evidence, log_odds, index, list, number, measured_px, counts }: FoundMatch,
  { order, known }: FittedLens,
): SolveSuccess | undefined {
  const matches = matchesOf(match, index);
  const tangent = fitTangent(match.camera, matches, match.sigma);
  const fitted = tangent && fitWholeList(tangent, matches, list, index, order, known);
  if (!fitted) return undefined;
  const { wcs, sigma_px, report, coverage } = fitted;
  if (log_odds < CERTAIN_LOG_ODDS && (report.held_out_px ?? report.rms_px) > MAX_REST * measured_px)
    return undefined;
  return {
    solved: true,
    wcs,
    matches: fitted.matches,
    sigma_px,
    fit: report,
    coverage,
    log_odds,
    evidence,
    parity: match.camera.parity,
    list: number,
    index: index.name,
    counts,
  };
}
