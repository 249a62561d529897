// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.

import { Neighbours } from '../stars/neighbours.js';
import { pixelsToSky, skyToPixels } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import type { Measurement } from './measurement.js';
import type { FieldReferences, ReferenceStars } from './references.js';

/** A catalogue star within this many standard deviations of the solution is the same; and within these at least. */
const SIGMAS = 4;
const LEAST_PX = 1.5;
const LEAST_ARCSEC = 3;

/** Which star of the catalogues each measured star is; in columns beside its own. */
export interface Identified {
  /** Measured stars, and those of Tycho-2, in one plane: pixels as they were without the distortion of the lens. */
  plane: { x: Float64Array; y: Float64Array; tycho: Neighbours };
  /** Where the solution puts it, J2000 degrees. */
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  /** Magnitudes of the catalogues; NaN where there is none. */
  vt: Float64Array;
  v: Float64Array;
  /** Number in the Hipparcos catalogue, or 0. */
  hip: Int32Array;
}

/**
 * Identifies measured stars: each is at most one of a catalogue, the nearest, and each of a catalogue the nearest star.
 * @param solution its scale, and how far matched stars are from it (root mean square, arcseconds)
 */
export function identify(
  { stars }: Measurement,
  wcs: Wcs,
  references: FieldReferences,
  solution: { pixscale_arcsec: number; rms_arcsec: number },
): Identified {
  const { pixscale_arcsec, rms_arcsec } = solution;
  const radius = Math.max(LEAST_PX, LEAST_ARCSEC / pixscale_arcsec, (SIGMAS * rms_arcsec) / pixscale_arcsec);
  const sky = pixelsToSky(wcs, stars.x, stars.y);
  // Distortion is taken from some hundred stars with a polynomial; to put it on thousands it would have to be inverted.
  const { sip: _sip, circle: _circle, ...ideal } = wcs;
  const plane = skyToPixels(ideal, sky.ra_deg, sky.dec_deg);
  const near = new Neighbours(plane.x, plane.y, Math.max(8, radius));
  const placesOf = (catalogue: ReferenceStars) => skyToPixels(ideal, catalogue.ra_deg, catalogue.dec_deg);
  const tychoPlaces = placesOf(references.tycho);
  const tycho = nearestOf(near, stars.x.length, tychoPlaces, radius);
  const hipparcos = nearestOf(near, stars.x.length, placesOf(references.hipparcos), radius);
  return {
    ...sky,
    plane: { ...plane, tycho: new Neighbours(tychoPlaces.x, tychoPlaces.y, 32) },
    vt: Float64Array.from(tycho, (star) => (star < 0 ? Number.NaN : references.tycho.magnitude[star]!)),
    v: Float64Array.from(hipparcos, (star) =>
      star < 0 ? Number.NaN : references.hipparcos.magnitude[star]!,
    ),
    hip: Int32Array.from(hipparcos, (star) => (star < 0 ? 0 : references.hipparcos.hip[star]!)),
  };
}

function nearestOf(
  near: Neighbours,
  count: number,
  { x, y }: { x: Float64Array; y: Float64Array },
  radius: number,
): Int32Array {
  const of = new Int32Array(count).fill(-1);
  const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) continue;
    const found = near.nearest(x[i]!, y[i]!, radius);
    if (!found || found.distance >= distances[found.index]!) continue;
    of[found.index] = i;
    distances[found.index] = found.distance;
  }
  return of;
}
