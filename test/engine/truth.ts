import type { SolveSuccess } from '../../src/engine/question.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { RenderedField } from './fields.js';

/** Largest distance at the middle and half way to the corners, in diagonals of the image, that is no error. */
const MAX_OFF = 0.01;

/** How far a solution is off at worst, in diagonals of the image. */
export function errorOf({ wcs }: SolveSuccess, field: RenderedField): number {
  const { width, height } = field;
  const diagonal = Math.hypot(width, height);
  let worst = 0;
  for (const [u, v] of [
    [0.5, 0.5],
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ] as const) {
    const [x, y] = [1 + u * (width - 1), 1 + v * (height - 1)];
    const at = field.pixelOf(...pixelToSky(wcs, x, y));
    worst = Math.max(worst, at ? Math.hypot(at[0] - x, at[1] - y) / diagonal : Number.POSITIVE_INFINITY);
  }
  return worst;
}

export function isRight(answer: SolveSuccess, field: RenderedField): boolean {
  return errorOf(answer, field) <= MAX_OFF && answer.parity === field.parity;
}
