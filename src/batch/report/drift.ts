import { normalizeSigned, RAD, separation } from '../../wcs/sphere.js';
import { GAP_MS, type Timed } from './times.js';

/** Where a picture points, relative to the first one of its target. */
export interface Drift {
  timed: Timed;
  /** Towards east and north, arcminutes. */
  east: number;
  north: number;
  /** Rotation of the camera since then, degrees. */
  turned: number;
  /** Counts up with each new target, and after each pause. */
  part: number;
}

/** A picture that is further off than this share of its field's width is one of another target. */
const SAME_TARGET = 0.75;

/** How the pointing wandered, target by target. */
export function driftOf(timed: readonly Timed[]): Drift[] {
  const drifts: Drift[] = [];
  let first: Pointing | undefined;
  let part = 0;
  for (const one of timed) {
    const pointing = pointingOf(one);
    if (!pointing) continue;
    if (!first || distance(first, pointing) > SAME_TARGET * first.width) {
      first = pointing;
      part += 1;
    } else if (one.at - (drifts.at(-1)?.timed.at ?? one.at) > GAP_MS) part += 1;
    drifts.push({
      timed: one,
      east: 60 * normalizeSigned(pointing.ra - first.ra) * Math.cos(first.dec * RAD),
      north: 60 * (pointing.dec - first.dec),
      turned: normalizeSigned(pointing.rotation - first.rotation),
      part,
    });
  }
  return drifts;
}

interface Pointing {
  ra: number;
  dec: number;
  rotation: number;
  width: number;
}

function pointingOf({ row }: Timed): Pointing | undefined {
  const { ra_deg: ra, dec_deg: dec, rotation_deg: rotation, width_deg: width } = row;
  if (ra === undefined || dec === undefined || rotation === undefined || width === undefined)
    return undefined;
  return { ra, dec, rotation, width };
}

const distance = (a: Pointing, b: Pointing) => separation(a.ra, a.dec, b.ra, b.dec);
