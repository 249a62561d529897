import { parseParams } from '../../job/params.js';
import type { SolveRequest } from '../solver.js';

const USUAL_ORDER = parseParams({}).tweak_order;

/**
 * The highest order of the distortion that the fit may have. A calibration that the caller gave counts whatever its order, unless the caller has
 * allowed less than is usual.
 */
export function highestOrder({
  params: { tweak_order },
  hints: { lens },
}: Pick<SolveRequest, 'params' | 'hints'>): number {
  if (lens?.source !== 'user' || tweak_order < USUAL_ORDER) return tweak_order;
  const { a = [], b = [] } = lens.calibration.sip ?? {};
  return Math.max(tweak_order, a.length - 1, b.length - 1);
}
