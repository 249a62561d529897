import {
  EquatorFromVector,
  MakeTime,
  RotateVector,
  Rotation_EQD_EQJ,
  SiderealTime,
  VectorFromSphere,
} from 'astronomy-engine';
import type { Capture } from '../job/capture.js';
import { normalizeRa } from '../wcs/sphere.js';

/**
 * The place on the sky, J2000 degrees, that is at the zenith of a site at a moment.
 * @param datetimeUtc ISO 8601 with `Z`
 * @returns undefined for an unreadable moment
 */
export function zenithAt(
  datetimeUtc: string,
  { lat, lon }: NonNullable<Capture['gps']>,
): [ra_deg: number, dec_deg: number] | undefined {
  const date = new Date(datetimeUtc);
  if (Number.isNaN(date.getTime())) return undefined;
  const time = MakeTime(date);
  const ofDate = VectorFromSphere({ lat, lon: normalizeRa(15 * SiderealTime(time) + lon), dist: 1 }, time);
  const { ra, dec } = EquatorFromVector(RotateVector(Rotation_EQD_EQJ(time), ofDate));
  return [15 * ra, dec];
}
