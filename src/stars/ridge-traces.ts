// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { at, type Background } from './background.js';
import { select } from './select.js';

/** Height of a ridge above the background, in units of the noise. */
const SIGMAS = 8;
/** More of the plane than this are the ridges of no drawing. */
const MOST_RIDGES = 0.1;
/** A trace follows ridges this far from where its last points lead, pixels, and over so many without any: stars and other lines are there. */
const [OFF_PX, GAP_PX] = [1, 12];
/** As long as a trace has too few points to lead anywhere, the next one is within this of the last. */
const FIRST_OFF_PX = 1.3;
const [ENOUGH, REMEMBERED] = [10, 40];
/** Ridges are there along so much of a line. */
const LIT = 0.8;
/** The middle half of the heights along a line differ by less than this part of their median. */
const UNEVEN = 0.35;
/** A line is straight over so many pixels to either side. */
export const STRAIGHT_PX = 24;
/** Ridges that are farther off a line are those of stars and of other lines. */
const ON_LINE_PX = 0.5;

/** A plane whose pixel (u, v) is at u · stepU + v · stepV: u runs along the lines that are looked for, v across. */
export interface Turned {
  plane: Float32Array;
  mesh: Background;
  along: number;
  across: number;
  stepU: number;
  stepV: number;
}

/** A line: where it is, v, for each u from `from` on. */
export interface Trace {
  from: number;
  centre: Float32Array;
  /** Median height above the background. */
  height: number;
}

/** One of the mesh's fields at a pixel. */
export function fieldAt({ mesh, stepU }: Turned, field: Float32Array, u: number, v: number): number {
  return stepU === 1 ? at(mesh, field, u, v) : at(mesh, field, v, u);
}

/** Long thin ridges of even brightness, straight or slightly bent, within 45° of the direction of u. */
export async function tracesAlong(
  way: Turned,
  least_px: number,
  pause: () => Promise<void>,
): Promise<Trace[]> {
  const ridges = await ridgesOf(way, pause);
  const followed = ridges.map((across) => new Uint8Array(across.length));
  const found: Trace[] = [];
  // `u` and `i` are those of a ridge.
  for (let u = 0; u < ridges.length; u++) {
    for (const [i, v] of ridges[u]!.entries()) {
      if (followed[u]![i]) continue;
      const onward = follow(ridges, followed, [[u, v]], 1);
      if (onward.length < 2 * ENOUGH) continue;
      // Its first points may be another line's: those after them say where it comes from.
      const whole = follow(ridges, followed, onward.slice(ENOUGH).reverse(), -1).reverse();
      const line = asLine(way, whole, least_px);
      if (line) found.push(line);
      await pause();
    }
  }
  return found;
}

/** For each u the places v, to parts of a pixel, where the plane is highest across and well above the background. */
async function ridgesOf(way: Turned, pause: () => Promise<void>): Promise<number[][]> {
  const { plane, mesh, along, across, stepU, stepV } = way;
  const found: number[][] = Array.from({ length: along }, () => []);
  let lowest = Number.POSITIVE_INFINITY;
  for (const [i, level] of mesh.level.entries()) lowest = Math.min(lowest, level + SIGMAS * mesh.noise[i]!);
  const most = MOST_RIDGES * along * across;
  let count = 0;
  // In the order of the memory, whatever the direction.
  const width = stepU === 1 ? along : across;
  for (let row = 0, index = 0; row * width < along * across; row++) {
    for (let column = 0; column < width; column++, index++) {
      const value = plane[index]!;
      // Nearly all pixels are sky, and done with here.
      if (!(value > lowest)) continue;
      const [u, v] = stepU === 1 ? [column, row] : [row, column];
      // The others have both neighbours inside the plane.
      if (v === 0 || v === across - 1) continue;
      const [before, after] = [plane[index - stepV]!, plane[index + stepV]!];
      if (!(value >= before && value > after)) continue;
      const [level, noise] = [fieldAt(way, mesh.level, u, v), fieldAt(way, mesh.noise, u, v)];
      if (!(value > level + SIGMAS * noise)) continue;
      found[u]!.push(v + (before - after) / (2 * (before - 2 * value + after)));
      if (++count > most) return [];
    }
    if (row % 32 === 0) await pause();
  }
  return found;
}

type Point = readonly [u: number, v: number];

/** Goes on from some points of a line, in one direction, as far as there are ridges. */
function follow(
  ridges: readonly number[][],
  followed: readonly Uint8Array[],
  start: readonly Point[],
  step: 1 | -1,
): Point[] {
  const trace = [...start];
  let last = trace.at(-1)!;
  // `u` is one of the plane's.
  for (let u = last[0] + step; u >= 0 && u < ridges.length; u += step) {
    const leads = trace.length >= ENOUGH;
    if (Math.abs(u - last[0]) > (leads ? GAP_PX : 1)) break;
    const expected = leads ? lead(trace, u) : last[1];
    let [nearest, off] = [-1, leads ? OFF_PX : FIRST_OFF_PX];
    for (const [i, v] of ridges[u]!.entries()) {
      if (Math.abs(v - expected) >= off) continue;
      [nearest, off] = [i, Math.abs(v - expected)];
    }
    if (nearest < 0) continue;
    followed[u]![nearest] = 1;
    last = [u, ridges[u]![nearest]!];
    trace.push(last);
  }
  return trace;
}

/** Where the last points of a trace lead. */
function lead(trace: readonly Point[], u: number): number {
  const first = Math.max(0, trace.length - REMEMBERED);
  const count = trace.length - first;
  let [meanU, meanV] = [0, 0];
  for (let i = first; i < trace.length; i++) {
    meanU += trace[i]![0] / count;
    meanV += trace[i]![1] / count;
  }
  let [uu, uv] = [0, 0];
  for (let i = first; i < trace.length; i++) {
    const du = trace[i]![0] - meanU;
    uu += du * du;
    uv += du * (trace[i]![1] - meanV);
  }
  return meanV + ((u - meanU) * uv) / uu;
}

/** The line that a trace is; undefined where it is short, has gaps or is of uneven brightness. */
function asLine(way: Turned, trace: readonly Point[], least_px: number): Trace | undefined {
  const from = trace[0]![0];
  const length = trace.at(-1)![0] - from + 1;
  if (length < least_px || trace.length < LIT * length) return undefined;
  const centre = straightened(trace, from, length);
  const heights = new Float32Array(length);
  for (const [i, place] of centre.entries()) {
    const v = Math.round(place);
    if (!(v >= 0 && v < way.across)) return undefined;
    const u = from + i;
    heights[i] = way.plane[u * way.stepU + v * way.stepV]! - fieldAt(way, way.mesh.level, u, v);
  }
  const part = (share: number) => select(heights, length, Math.floor(share * length));
  const [low, height, high] = [part(0.25), part(0.5), part(0.75)];
  return high - low < UNEVEN * height ? { from, centre, height } : undefined;
}

/** For each u the place on the straight line through the points about it; those of stars and crossings do not count. */
function straightened(trace: readonly Point[], from: number, length: number): Float32Array {
  const rough = throughPoints(trace, from, length);
  const own = trace.filter(([u, v]) => Math.abs(v - rough[u - from]!) < ON_LINE_PX);
  return throughPoints(own, from, length, rough);
}

const SUMS = 5;

/** @param otherwise where there are too few points */
function throughPoints(
  points: readonly Point[],
  from: number,
  length: number,
  otherwise?: Float32Array,
): Float32Array {
  // Of 1, u, v, u², uv over all points before each u.
  const sums = new Float64Array(SUMS * (length + 1));
  for (const [pu, v] of points) {
    const u = pu - from;
    sums.set([1, u, v, u * u, u * v], SUMS * (u + 1));
  }
  for (let i = SUMS; i < sums.length; i++) sums[i]! += sums[i - SUMS]!;
  return Float32Array.from({ length }, (_, u) => {
    // At the ends of the line the window is as long as elsewhere.
    const first = Math.max(0, Math.min(u - STRAIGHT_PX, length - 2 * STRAIGHT_PX));
    const end = Math.min(length, Math.max(u + STRAIGHT_PX, 2 * STRAIGHT_PX));
    const of = (i: number) => sums[SUMS * end + i]! - sums[SUMS * first + i]!;
    const [n, su, sv, suu, suv] = [of(0), of(1), of(2), of(3), of(4)];
    const determinant = n * suu - su * su;
    if (!(determinant > 0)) return otherwise ? otherwise[u]! : Number.NaN;
    return (sv * suu - su * suv + u * (n * suv - su * sv)) / determinant;
  });
}
