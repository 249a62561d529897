import type { SolveReport } from '../../job/result.js';
import type { SolveRequest } from '../solver.js';
import { likeliest, nth } from './likeliest.js';

/** What guided the search, and where each came from; the caller's bounds first. */
export function reportHints({ params, hints }: SolveRequest): NonNullable<SolveReport['hints']> {
  const report: NonNullable<SolveReport['hints']> = {};
  const { scale_low, scale_high, scale_units, ra, dec, radius, parity } = params;
  if (scale_low !== null || scale_high !== null) {
    report.scale = { value: { low: scale_low, high: scale_high, units: scale_units }, source: 'user' };
  }
  if (ra !== null) report.position = { value: { ra, dec, radius }, source: 'user' };
  if (parity !== null) report.parity = { value: parity, source: 'user' };
  if (!params.use_metadata) return report;
  const [scale] = hints.scales;
  if (scale) {
    const { low_arcsec_per_pixel: low, high_arcsec_per_pixel: high, source, reason } = scale;
    report[report.scale ? 'metadata_scale' : 'scale'] = {
      value: { low, high, units: 'arcsecperpix' },
      source,
      reason,
    };
  }
  const name = report.position ? 'metadata_position' : 'position';
  likeliest(hints.positions).forEach(({ ra_deg, dec_deg, radius_deg, source, reason }, i) => {
    const value = { ra: ra_deg, dec: dec_deg, radius: radius_deg };
    report[`${name}${nth(i)}`] = { value, source, reason };
  });
  return report;
}
