// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { HALF_PX, type Profile } from './line-profile.js';
import { fieldAt, STRAIGHT_PX, type Trace, type Turned } from './ridge-traces.js';

/** So near the rim of the picture a line goes on. */
const RIM_PX = 10;
/** From so far inside a line to so far beyond its last ridge its light is looked at, and its end looked for, pixels. */
const [INSIDE_PX, BEYOND_PX, MOVED_PX, STEP_PX] = [10, 7, 4, 0.1];
/** The light differs by less than this part of the line's from that of an end. */
const ALIKE = 0.2;

/** An end of a line, and the star there: where it is, in the (u, v) of the plane, and its height. */
export interface LineEnd {
  u: number;
  v: number;
  star: number;
}

/**
 * An end of a line inside the picture, with what light of a star is there. As the line's light is as wide along as across, both are found by
 * their shapes: a step and a peak in one place.
 * @param way the plane without the line
 * @param profile of the line at this end
 * @param side −1 for its first pixel, 1 for its last
 */
export function lineEnd(
  way: Turned,
  { from, centre }: Trace,
  profile: Profile,
  side: -1 | 1,
): LineEnd | undefined {
  const { plane, mesh, along, across, stepU, stepV } = way;
  const tip = side < 0 ? 0 : centre.length - 1;
  // A line is longer than it is straight for sure.
  const slope = (side * (centre[tip]! - centre[tip - side * STRAIGHT_PX]!)) / STRAIGHT_PX;
  const place = (beyond: number) => ({
    u: from + tip + side * beyond,
    v: centre[tip]! + side * beyond * slope,
  });
  const far = place(BEYOND_PX);
  if (!(Math.min(far.u, far.v) > RIM_PX && far.u < along - RIM_PX && far.v < across - RIM_PX))
    return undefined;
  const light: number[] = [];
  for (let beyond = -INSIDE_PX; beyond <= BEYOND_PX; beyond++) {
    const { u, v } = place(beyond);
    const low = Math.floor(v);
    const part = v - low;
    // No nearer to the rim than RIM_PX, or on the line.
    const index = u * stepU + low * stepV;
    const left = plane[index]! * (1 - part) + plane[index + stepV]! * part - fieldAt(way, mesh.level, u, v);
    light.push(left + (beyond > 0 ? 0 : profile(-part) * (1 - part) + profile(1 - part) * part));
  }
  const sigma = widthOf(profile) / (1 + slope * slope);
  const { end, line, star, rest } = stepAndPeak(light, sigma);
  if (!(rest < ALIKE * line)) return undefined;
  return { ...place(end), star };
}

/** Standard deviation of the profile, were it Gaussian. */
function widthOf(profile: Profile): number {
  let sum = 0;
  for (let off = -HALF_PX; off <= HALF_PX; off += STEP_PX) sum += profile(off) * STEP_PX;
  return sum / (profile(0) * Math.sqrt(2 * Math.PI));
}

interface Shape {
  /** Pixels beyond the last ridge. */
  end: number;
  line: number;
  star: number;
  /** Root mean square of what is left. */
  rest: number;
}

/** The line's end and its star by least squares, for the best of the places where it may end. */
function stepAndPeak(light: readonly number[], sigma: number): Shape {
  let best: Shape = { end: 0, line: 0, star: 0, rest: Number.POSITIVE_INFINITY };
  for (let end = -MOVED_PX; end <= MOVED_PX; end += STEP_PX) {
    const steps = light.map((_, i) => inside((end - i + INSIDE_PX) / sigma));
    const peaks = light.map((_, i) => Math.exp(-0.5 * ((end - i + INSIDE_PX) / sigma) ** 2));
    const of = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const [ss, sp, pp, sl, pl] = [
      of(steps, steps),
      of(steps, peaks),
      of(peaks, peaks),
      of(steps, light),
      of(peaks, light),
    ];
    const star = Math.max(0, (ss * pl - sp * sl) / (ss * pp - sp * sp));
    const line = (sl - star * sp) / ss;
    const rest = Math.sqrt(
      light.reduce((sum, value, i) => sum + (value - line * steps[i]! - star * peaks[i]!) ** 2, 0) /
        light.length,
    );
    if (rest < best.rest) best = { end, line, star, rest };
  }
  return best;
}

/** The normal distribution function, to a hundredth. */
function inside(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x));
}
