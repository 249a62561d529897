// biome-ignore-all lint/style/noNonNullAssertion: the columns of a list are of one length.
import { halfDiagonal } from '../wcs/fit.js';
import type { LensPolynomial } from '../wcs/lens-polynomial.js';
import type { Wcs } from '../wcs/wcs.js';
import type { StarList } from './field.js';

/** The stars of an image where a lens without distortion would have put them. */
export function straightened(
  list: StarList,
  lens: LensPolynomial,
  { width, height }: Pick<Wcs, 'width' | 'height'>,
): StarList {
  const half = halfDiagonal({ width, height });
  const [cx, cy] = [(width + 1) / 2, (height + 1) / 2];
  const [x, y] = [new Float64Array(list.x.length), new Float64Array(list.x.length)];
  for (let i = 0; i < x.length; i++) {
    const [u, v] = lens.at((list.x[i]! - cx) / half, (list.y[i]! - cy) / half);
    x[i] = cx + half * u;
    y[i] = cy + half * v;
  }
  return { ...list, x, y };
}
