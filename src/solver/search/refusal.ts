import type { ErrorCode } from '../../job/error-codes.js';
import { isTrailed, type Trail } from '../../stars/trail.js';

/** What is known of an image that was searched without a solution. */
export interface Searched {
  /** Stars that were found; undefined where the search was ended before they were looked for to the end. */
  detected: number | undefined;
  /** So many are needed, and where scale and position are nearly known. */
  fewest: number;
  fewestHinted?: number;
  /** How the stars are drawn out. */
  trail?: Trail | undefined;
  /** They are darker than the sky. */
  isNegative?: boolean | undefined;
  /** Seconds that it was allowed, where they ran out before everything was tried. */
  timedOut?: number;
  /** Fields that were looked for, degrees of the longer side. */
  from_deg: number;
  to_deg: number;
  /** What would find narrower fields than these, where the caller's bounds allow such. */
  narrower?: string;
}

/** Why an image has no solution, and what a person can do: the reason that holds, the surest first. */
export function refusal(searched: Searched): [code: ErrorCode, message: string] {
  const { detected, fewest, trail, isNegative, timedOut, from_deg, to_deg, narrower } = searched;
  if (detected !== undefined && detected < fewest) return ['too_few_stars', tooFew(detected, searched)];
  if (trail && isTrailed(trail))
    return [
      'no_solution',
      `The stars are trailed, about ${Math.round(trail.ratio)} times as long as wide: expose shorter, or follow the sky`,
    ];
  const stars = `${detected === undefined ? '' : `${detected} `}${isNegative ? 'dark spots' : 'stars'}`;
  if (timedOut !== undefined) {
    const found = detected === undefined ? '' : ` (${stars} were found)`;
    return ['timeout', `Not solved within ${timedOut} s${found}; give a scale or more time`];
  }
  const field = `No field of ${degrees(from_deg)} to ${degrees(to_deg)} agrees with the ${stars} that were found`;
  const taken = isNegative ? ', as of a negative' : '';
  return [
    'no_solution',
    `${field}${taken}: is it the night sky, and is the scale right?${narrower ? ` ${narrower}` : ''}`,
  ];
}

function tooFew(detected: number, { fewest, fewestHinted = fewest }: Searched): string {
  if (detected === 0)
    return `No stars were found, and ${fewest} are needed: expose longer, or shorter where the sky is bright, or focus; of a negative say so (invert)`;
  const found = `Only ${detected} ${detected === 1 ? 'star was' : 'stars were'} found, and ${fewest} are needed`;
  return detected >= fewestHinted
    ? `${found}: expose longer, or give centre, radius and scale, which need ${fewestHinted} only`
    : `${found}: expose longer, or focus; of a negative say so (invert)`;
}

function degrees(angle: number): string {
  return `${Number(angle.toPrecision(2))}°`;
}
