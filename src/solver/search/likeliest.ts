import type { PositionHint } from '../../capture/hints.js';

/** The best position and those that are as likely. */
export function likeliest(positions: readonly PositionHint[]): readonly PositionHint[] {
  const next = positions.findIndex(({ alternative }, i) => i > 0 && !alternative);
  return next < 0 ? positions : positions.slice(0, next);
}

/** The first of a kind has its plain name; `-2`, `-3` follow. */
export const nth = (index: number) => (index === 0 ? '' : `-${index + 1}`);
