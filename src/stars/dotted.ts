// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import { neighboursAmong } from './neighbours.js';
import type { Star } from './star.js';

/** Dots of a line are at most so far apart, and off their places by so much, shares of the diagonal. */
const FARTHEST = 1 / 50;
const OFF = 1 / 1000;
/** So many in a row, evenly spaced, are a line: stars hardly ever stand so. */
const RUN = 5;
const FEWEST = 20;

/** A dot that is so many times as bright as those of its line is a star on it. */
const BRIGHTER = 1.5;

/** Leaves out dotted and dashed lines, as grids and figures are drawn: rows of evenly spaced "stars" in any direction. */
export function withoutDottedLines(stars: readonly Star[], image: { width: number; height: number }): Star[] {
  const drawn = new Set(dottedLines(stars, image).flat());
  return stars.filter((_, i) => !drawn.has(i));
}

/** The same, without those that may be stars: the ends of each line, as figures end at stars, and brighter ones. */
export function withoutDots(stars: readonly Star[], image: { width: number; height: number }): Star[] {
  const drawn = new Set(dottedLines(stars, image).flatMap((line) => plainDots(line, stars)));
  return stars.filter((_, i) => !drawn.has(i));
}

/** @param line numbers of the stars along it */
function plainDots(line: readonly number[], stars: readonly Star[]): number[] {
  const light = (dot: number) => stars[dot]!.peak * Math.sqrt(stars[dot]!.area);
  const typical = line.map(light).sort((a, b) => a - b)[line.length >> 1]!;
  return line.slice(1, -1).filter((dot) => light(dot) <= BRIGHTER * typical);
}

/** Numbers of the stars of each line, from one end to the other. */
function dottedLines(stars: readonly Star[], image: { width: number; height: number }): number[][] {
  if (stars.length < FEWEST) return [];
  const diagonal = Math.hypot(image.width, image.height);
  const [reach, off] = [FARTHEST * diagonal, OFF * diagonal];
  const near = neighboursAmong(stars, reach);
  const lines: number[][] = [];
  const drawn = new Set<number>();
  for (const [i, star] of stars.entries()) {
    if (drawn.has(i)) continue;
    for (const j of near.within(star.x, star.y, reach)) {
      const [dx, dy] = [stars[j]!.x - star.x, stars[j]!.y - star.y];
      // Each pair once, and none that lies in one spot.
      if (j <= i || Math.hypot(dx, dy) < 3 * off) continue;
      const run = [i, j];
      for (const [from, sign] of [
        [j, 1],
        [i, -1],
      ] as const) {
        let at: number = from;
        for (;;) {
          const next = near.nearest(stars[at]!.x + sign * dx, stars[at]!.y + sign * dy, off)?.index;
          if (next === undefined || run.includes(next)) break;
          if (sign > 0) run.push(next);
          else run.unshift(next);
          at = next;
        }
      }
      if (run.length < RUN) continue;
      lines.push(run);
      for (const dot of run) drawn.add(dot);
    }
  }
  return lines;
}
