import type { HintSource, PositionHint, ScaleHint } from '../../capture/hints.js';
import type { SolveReport } from '../../job/solve-report.js';
import type { SolveRequest } from '../solver.js';
import { likeliest, nth } from './likeliest.js';

type Hints = NonNullable<SolveReport['hints']>;

/** How a hint is called where the caller gave a bound of the same kind. */
const ORIGINS: Readonly<Record<HintSource, string>> = {
  user: 'calibration',
  remembered: 'remembered',
  exif: 'metadata',
  fits: 'metadata',
};

/** What guided the search, and where each came from: the caller's bounds first, then what is remembered, then the metadata. */
export function reportHints({ params, hints }: SolveRequest): Hints {
  const report: Hints = {};
  const { scale_low, scale_high, scale_units, ra, dec, radius, parity } = params;
  if (scale_low !== null || scale_high !== null) {
    report.scale = { value: { low: scale_low, high: scale_high, units: scale_units }, source: 'user' };
  }
  if (ra !== null) report.position = { value: { ra, dec, radius }, source: 'user' };
  if (parity !== null) report.parity = { value: parity, source: 'user' };
  if (hints.lens) {
    const { source, reason, calibration } = hints.lens;
    const { projection, arcsec_per_pixel, fit } = calibration;
    report.lens = { value: { projection, arcsec_per_pixel, ...fit }, source, reason };
  }
  if (!params.use_metadata && !hints.lens) return report;

  const add = (kind: 'scale' | 'position', { source, reason }: ScaleHint | PositionHint, value: object) => {
    const origin = ORIGINS[source];
    const name = report[kind]?.source === 'user' ? `${origin}_${kind}` : kind;
    const same = Object.keys(report).filter((key) => key.replace(/-\d+$/, '') === name).length;
    report[`${name}${nth(same)}`] = { value, source, reason };
  };
  for (const hint of bestOfEachOrigin(hints.scales)) {
    const { low_arcsec_per_pixel: low, high_arcsec_per_pixel: high } = hint;
    add('scale', hint, { low, high, units: 'arcsecperpix' });
  }
  for (const hint of likeliest(hints.positions)) {
    const { ra_deg, dec_deg, radius_deg } = hint;
    add('position', hint, { ra: ra_deg, dec: dec_deg, radius: radius_deg });
  }
  return report;
}

/** The scale that is remembered, and the best that the metadata tell. */
function bestOfEachOrigin(scales: readonly ScaleHint[]): ScaleHint[] {
  return scales.filter(({ source }, i) => scales.findIndex((other) => other.source === source) === i);
}
