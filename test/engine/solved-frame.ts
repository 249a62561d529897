import type { SolvedFrame } from '../../src/engine/calibration/calibrated-lens.js';
import type { SolveSuccess } from '../../src/engine/question.js';

/** What a calibration takes of a solution. */
export const solvedFrame = ({ wcs, matches }: SolveSuccess): SolvedFrame => ({
  wcs,
  pairs: {
    x: matches.map(({ x }) => x),
    y: matches.map(({ y }) => y),
    ra_deg: matches.map(({ ra_deg }) => ra_deg),
    dec_deg: matches.map(({ dec_deg }) => dec_deg),
  },
});
