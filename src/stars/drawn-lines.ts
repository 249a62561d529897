// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { Background } from './background.js';
import { type LineEnd, lineEnd } from './line-end.js';
import { HALF_PX, type Profile, profileOf } from './line-profile.js';
import { fieldAt, STRAIGHT_PX, type Trace, type Turned, tracesAlong } from './ridge-traces.js';

/** A line is as long as this at least: the part of the diagonal, and pixels. Letters and short trails are shorter. */
const [LENGTH, LEAST_PX] = [1 / 30, 2 * STRAIGHT_PX];
/** A profile is that of so many pixels, and of as many before and behind them. */
const ALIKE_PX = 32;

/** A star that a drawn line ends at: pixels of the plane from 0, its height and that of the line above the background. */
export interface EndStar {
  x: number;
  y: number;
  star: number;
  line: number;
  /** In units of the plane. */
  background: number;
}

/**
 * Takes the lines that are drawn over a picture (grids, figures, trails of satellites) out of its plane: long thin ridges of even brightness, straight
 * or slightly bent. What stands on them stays, without their light.
 * @param plane lightly smoothed; changed in place
 * @returns where they end inside the picture, as figures do at stars; undefined where there are no lines
 */
export async function subtractLines(
  plane: Float32Array,
  { width, height }: { width: number; height: number },
  mesh: Background,
  pause: () => Promise<void>,
): Promise<EndStar[] | undefined> {
  const least = Math.max(LEAST_PX, LENGTH * Math.hypot(width, height));
  const flat: Turned = { plane, mesh, along: width, across: height, stepU: 1, stepV: width };
  const steep: Turned = { plane, mesh, along: height, across: width, stepU: width, stepV: 1 };
  const lines: { way: Turned; trace: Trace }[] = [];
  for (const way of [flat, steep])
    for (const trace of await tracesAlong(way, least, pause)) lines.push({ way, trace });
  if (lines.length === 0) return undefined;
  lines.sort((a, b) => b.trace.height - a.trace.height);
  const subtracted: ((typeof lines)[number] & { profiles: Profile[] })[] = [];
  for (const line of lines) {
    subtracted.push({ ...line, profiles: subtract(line.way, line.trace) });
    await pause();
  }
  const ends = subtracted.flatMap(({ way, trace, profiles }) => {
    const of = (end: LineEnd | undefined): EndStar[] => {
      if (!end) return [];
      const [x, y] = way === flat ? [end.u, end.v] : [end.v, end.u];
      return [
        { x, y, star: end.star, line: trace.height, background: fieldAt(way, mesh.level, end.u, end.v) },
      ];
    };
    // There is a profile for each part of a line.
    return [...of(lineEnd(way, trace, profiles[0]!, -1)), ...of(lineEnd(way, trace, profiles.at(-1)!, 1))];
  });
  for (const { way, trace } of subtracted) fill(way, trace);
  return ends;
}

/** Takes a line's own light away. */
function subtract(way: Turned, trace: Trace): Profile[] {
  const { length } = trace.centre;
  const profiles: Profile[] = [];
  for (let begin = 0; begin < length; begin += ALIKE_PX) {
    const end = Math.min(begin + ALIKE_PX, length);
    profiles.push(profileOf(way, trace, Math.max(0, begin - ALIKE_PX), Math.min(length, end + ALIKE_PX)));
  }
  each(way, trace, (index, i, off) => {
    way.plane[index]! -= profiles[Math.floor(i / ALIKE_PX)]!(off);
  });
  return profiles;
}

/** Lifts what is darker than the sky after it, at gaps and beyond the ends of the line. */
function fill(way: Turned, trace: Trace): void {
  each(way, trace, (index, i, off) => {
    const level = fieldAt(way, way.mesh.level, trace.from + i, trace.centre[i]! + off);
    if (way.plane[index]! < level) way.plane[index] = level;
  });
}

/** Visits the pixels about a line. */
function each(
  { across, stepU, stepV }: Turned,
  { from, centre }: Trace,
  visit: (index: number, i: number, off: number) => void,
): void {
  for (const [i, middle] of centre.entries()) {
    const last = Math.min(across - 1, Math.floor(middle + HALF_PX));
    for (let v = Math.max(0, Math.ceil(middle - HALF_PX)); v <= last; v++)
      visit((from + i) * stepU + v * stepV, i, v - middle);
  }
}
