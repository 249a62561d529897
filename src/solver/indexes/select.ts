import { type HealpixCell, mayOverlap } from '../../engine/index-file/healpix.js';
import type { Attempt, IndexShare } from '../search/attempts.js';
import type { ScaleBounds, SkyCircle } from '../search/bounds.js';
import type { IndexFile } from '../solver.js';
import { quadsFit } from './coverage.js';

/** The sizes of quads, in widths of the field, that find it soonest. */
export const LIKELY_SIZES = [0.25, 0.8] as const;

/** Index files whose quads can lie in an image of that size at any scale within the bounds. */
export function indexesForScale<T extends IndexFile>(
  indexes: readonly T[],
  bounds: ScaleBounds,
  image: { width: number; height: number },
): T[] {
  return indexes.filter((index) => quadsFit(index, image, bounds));
}

/** Arcminutes of a quad from which an index counts as … */
const SHARES: readonly [IndexShare, number][] = [
  ['wide', 600],
  ['medium', 150],
  ['between', 80],
  ['narrow', 0],
];

/** Index files that hold some of a circle of the sky. */
export function indexesNear<T extends { cell?: HealpixCell }>(indexes: readonly T[], circle: SkyCircle): T[] {
  return indexes.filter(({ cell }) => cell === undefined || mayOverlap(cell, circle));
}

/** The index files that an attempt searches. */
export function indexesOf<T extends IndexFile & { cell?: HealpixCell }>(
  { scale, position, indexes: share }: Pick<Attempt, 'scale' | 'position' | 'indexes'>,
  installed: readonly T[],
  image: { width: number; height: number },
): T[] {
  const field_deg = (scale.high * Math.hypot(image.width, image.height)) / 2 / 3600;
  const near = position && { ...position, radius_deg: position.radius_deg + field_deg };
  const fitting = indexesForScale(near ? indexesNear(installed, near) : installed, scale, image);
  if (share === 'all') return fitting;
  if (share !== 'likely')
    return fitting.filter(
      ({ lower_arcmin: size }) => SHARES.find(([, least]) => size >= least)?.[0] === share,
    );
  const least = (scale.low * LIKELY_SIZES[0] * image.width) / 60;
  const most = (scale.high * LIKELY_SIZES[1] * image.width) / 60;
  const likely = fitting.filter((index) => index.upper_arcmin >= least && index.lower_arcmin <= most);
  return likely.length > 0 ? likely : fitting;
}
