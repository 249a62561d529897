import type { ErrorCode } from '../../job/error-codes.js';

/** Exit statuses that ASTAP documents. */
export const ASTAP_EXIT = {
  solved: 0,
  noSolution: 1,
  tooFewStars: 2,
  badImage: 16,
  noStars: 32,
  badStars: 33,
  notUpdated: 34,
} as const;

interface AstapFailure {
  exit: number;
  /** In ASTAP's words, which programs show to their users. */
  error?: string;
}

const FAILURES: Partial<Record<ErrorCode, AstapFailure>> = {
  too_few_stars: { exit: ASTAP_EXIT.tooFewStars, error: 'Not enough stars.' },
  image_not_found: { exit: ASTAP_EXIT.badImage, error: 'Error reading image file.' },
  unsupported_image: { exit: ASTAP_EXIT.badImage, error: 'Error reading image file.' },
  corrupt_image: { exit: ASTAP_EXIT.badImage, error: 'Error reading image file.' },
  image_too_large: { exit: ASTAP_EXIT.badImage, error: 'Error reading image file.' },
  missing_package: { exit: ASTAP_EXIT.badImage, error: 'Error reading image file.' },
  solver_unavailable: { exit: ASTAP_EXIT.noStars, error: 'No star database found.' },
  no_index_for_scale: { exit: ASTAP_EXIT.noStars, error: 'No star database found.' },
  corrupt_index: { exit: ASTAP_EXIT.badStars, error: 'Error reading star database.' },
};

/** How ASTAP would end. An image that cannot be opened is reported as one that cannot be read, whatever the reason. */
export function astapFailure(code: ErrorCode): AstapFailure {
  return FAILURES[code] ?? { exit: ASTAP_EXIT.noSolution };
}
