// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
/** Half the width of the narrowest step: quads far from the axis of a wide image are that much out of shape. */
const MAX_STRETCH = 0.04;
/** Images whose corner is less than this (tangent of the angle) from the axis need one view only. */
const NARROW = 0.18;
/** Beyond this a pinhole camera is none: 70° from the axis. */
const WIDEST = 2.75;
const MOST_STEP = 0.4;

/**
 * How an image is taken to have been made: by a pinhole camera whose focal length is about `focal`. Far from the axis of a wide image the
 * shape of a quad depends on it; the search tries one view after another.
 */
export interface View {
  /** Pixels. */
  focal: number;
  /** Focal lengths that the view stands for. */
  least: number;
  most: number;
}

/**
 * Views for all focal lengths between two, the longest first. At the angle θ from the axis a focal length that is off by the part δ
 * stretches shapes by δ·sin²θ.
 * @param halfDiagonal of the image, pixels
 */
export function viewsBetween(least: number, most: number, halfDiagonal: number): View[] {
  const views: View[] = [];
  let upper = most;
  const narrowest = halfDiagonal / NARROW;
  if (upper > narrowest) {
    const lower = Math.max(narrowest, least);
    views.push({ focal: Math.min(upper, 2 * lower), least: lower, most: upper });
    upper = lower;
  }
  const shortest = Math.max(least, halfDiagonal / WIDEST);
  while (upper > shortest * 1.001) {
    const tangent = halfDiagonal / upper;
    const sin2 = tangent ** 2 / (1 + tangent ** 2);
    const step = Math.min(MOST_STEP, MAX_STRETCH / sin2);
    const lower = Math.max(shortest, upper / (1 + 2 * step));
    views.push({ focal: Math.sqrt(lower * upper), least: lower, most: upper });
    upper = lower;
  }
  return views;
}

/** Unit vectors of pixels in a view's camera (parity 1), x, y, z one after another, into `out`. */
export function directionsIn(
  { focal }: View,
  x: Float64Array,
  y: Float64Array,
  stars: ArrayLike<number>,
  cx: number,
  cy: number,
  out: Float64Array,
): void {
  for (let i = 0; i < stars.length; i++) {
    const [u, v] = [x[stars[i]!]! - cx, y[stars[i]!]! - cy];
    const length = Math.sqrt(u * u + v * v + focal * focal);
    out[3 * i] = u / length;
    out[3 * i + 1] = v / length;
    out[3 * i + 2] = focal / length;
  }
}
