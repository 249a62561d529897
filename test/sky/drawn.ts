import { addStar, type Canvas, peakShare } from './canvas.js';
import type { Random } from './random.js';

type Point = readonly [x: number, y: number];

/** A line of so much light above the sky, pixels wide. */
export function addLine(canvas: Canvas, from: Point, to: Point, light: number, width_px: number): void {
  const psf = [{ fwhm_px: width_px, share: 1 }];
  const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1])));
  // Spots a pixel apart add up to about this many peaks.
  const flux = light / peakShare(psf) / Math.max(1, 1.06 * width_px);
  for (let i = 0; i <= steps; i++) addStar(canvas, between(from, to, i / steps), flux, psf, 0.001);
}

const DOT_STEP_PX = 9;

/** The same as a row of dots. */
export function addDots(canvas: Canvas, from: Point, to: Point, light: number, width_px: number): void {
  const psf = [{ fwhm_px: width_px, share: 1 }];
  const steps = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]) / DOT_STEP_PX));
  for (let i = 0; i <= steps; i++)
    addStar(canvas, between(from, to, i / steps), light / peakShare(psf), psf, 0.001);
}

const [LETTER_WIDTH_PX, LETTER_HEIGHT_PX, PITCH_PX] = [6, 10, 9] as const;
const STROKES = 3;

/** Something like a word: letters of three strokes each. */
export function addWord(canvas: Canvas, [x, y]: Point, letters: number, random: Random): void {
  for (let letter = 0; letter < letters; letter++) {
    const corner = (): Point => [
      x + letter * PITCH_PX + LETTER_WIDTH_PX * Math.round(random.uniform()),
      y - (LETTER_HEIGHT_PX * Math.round(2 * random.uniform())) / 2,
    ];
    for (let stroke = 0; stroke < STROKES; stroke++) addLine(canvas, corner(), corner(), 0.7, 1.4);
  }
}

function between([ax, ay]: Point, [bx, by]: Point, part: number): Point {
  return [ax + part * (bx - ax), ay + part * (by - ay)];
}
