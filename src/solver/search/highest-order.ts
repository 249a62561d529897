import { PARAM_TABLE } from '../../job/param-table.js';
import type { SolveRequest } from '../solver.js';

/**
 * The highest order of the distortion that the fit may have. A calibration that the caller gave counts whatever its order, unless the caller has
 * allowed less than is usual.
 */
export function highestOrder({
  params: { tweak_order },
  hints: { lens },
}: Pick<SolveRequest, 'params' | 'hints'>): number {
  if (lens?.source !== 'user' || tweak_order < PARAM_TABLE.tweak_order.default) return tweak_order;
  const { a = [], b = [] } = lens.calibration.sip ?? {};
  return Math.max(tweak_order, a.length - 1, b.length - 1);
}
