// biome-ignore-all lint/style/noNonNullAssertion: both lists are of one length.
import { separation } from '../../wcs/sphere.js';
import type { Places } from '../solver.js';

/** How far stars lie from where they should, by their places on the sky in degrees; empty when there are none. */
export function residuals(found: Places, expected: Places): { rms_arcsec?: number; max_arcsec?: number } {
  const off = Array.from(
    found.ra_deg,
    (ra, i) => 3600 * separation(ra, found.dec_deg[i]!, expected.ra_deg[i]!, expected.dec_deg[i]!),
  );
  if (off.length === 0) return {};
  return {
    rms_arcsec: Math.sqrt(off.reduce((sum, r) => sum + r * r, 0) / off.length),
    max_arcsec: Math.max(...off),
  };
}
