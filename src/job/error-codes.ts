/** What is known of a way to fail. */
export interface ErrorFacts {
  /** Status of an HTTP answer. */
  http: number;
  /** Exit status of the command line. */
  exit: 1 | 2;
  /** What happened. */
  what: string;
  /** What to do about it. */
  advice: readonly string[];
}

const TABLE = {
  // the caller
  invalid_params: {
    http: 400,
    exit: 1,
    what: 'a parameter or option is out of range',
    advice: ['The message names it, and what was expected.'],
  },
  invalid_id: {
    http: 404,
    exit: 1,
    what: 'what was given is no job id',
    advice: ['Job ids are 32 lower-case hex digits; `list` shows them.'],
  },
  not_found: {
    http: 404,
    exit: 1,
    what: 'no such job, no such file of it, or no such key',
    advice: ['Look at `list`; it may have been pruned.'],
  },
  unsupported_export: {
    http: 404,
    exit: 1,
    what: 'a format that cannot hold this plate solution',
    advice: ['The message says why; `wcs`, `new-fits` and the annotated picture hold every solution.'],
  },
  not_ready: { http: 409, exit: 1, what: 'the job has not ended', advice: ['`wait`, or ask again.'] },
  already_settled: {
    http: 409,
    exit: 1,
    what: 'a change that an ended job does not allow',
    advice: ['Submit the image again.'],
  },
  // the image
  image_not_found: {
    http: 400,
    exit: 1,
    what: 'no file there',
    advice: ['Check the path.'],
  },
  unsupported_image: {
    http: 415,
    exit: 1,
    what: 'not read here: a video, an archive, a text, a folder, …',
    advice: ['Save it as JPEG, PNG, TIFF or FITS, and send that.'],
  },
  corrupt_image: {
    http: 422,
    exit: 1,
    what: 'the file is damaged or cut off',
    advice: ['Copy it again from the camera or program that made it.'],
  },
  image_too_large: {
    http: 413,
    exit: 1,
    what: 'more bytes or pixels than allowed',
    advice: ['Shrink the picture, half the size is plenty for finding its place; or raise the limit.'],
  },
  // the solve
  no_solution: {
    http: 500,
    exit: 1,
    what: 'stars were found, and no field fits',
    advice: [
      'Give the width of the field if you know it, roughly: the search is then much smaller.',
      'Check that the sky is in the picture and sharp: clouds, trees and trailed stars hide it.',
      'A very narrow field needs fine index files; `astro-jobs doctor` lists the fields that can be found.',
    ],
  },
  too_few_stars: {
    http: 500,
    exit: 1,
    what: 'too few stars to try',
    advice: [
      'A longer exposure, or a stack of several, shows more stars.',
      'Send the original file rather than a small or strongly compressed copy.',
      'Lower the downsample factor to 1: faint stars vanish when a picture is shrunk.',
    ],
  },
  timeout: {
    http: 504,
    exit: 1,
    what: 'the wall clock ran out',
    advice: [
      'Give the width of the field or a place to search around, so that there is less to search.',
      'Allow more seconds (`timeout`).',
    ],
  },
  cancelled: {
    http: 500,
    exit: 1,
    what: 'it was cancelled before it ended',
    advice: ['Run it again whenever you like (`retry`).'],
  },
  no_index_for_scale: {
    http: 500,
    exit: 1,
    what: 'no index file covers the scale that was given',
    advice: [
      'Install index files for this field of view; `astro-jobs indexes recommend` says which, and how.',
    ],
  },
  install_failed: {
    http: 500,
    exit: 1,
    what: 'index files could not be installed',
    advice: ['The message says why (network, package manager, permission), and what to type instead.'],
  },
  corrupt_index: {
    http: 500,
    exit: 1,
    what: 'a file is damaged or no index file, or its checksum is another',
    advice: ['Fetch it again, or from another place; what was fetched has been removed.'],
  },
  solver_unavailable: {
    http: 503,
    exit: 1,
    what: 'no solver can be used on this machine',
    advice: ['Install astrometry.net; `astro-jobs doctor` says how.'],
  },
  solver_crashed: {
    http: 500,
    exit: 1,
    what: 'the solver ended by itself in disorder',
    advice: ['Run it again. If it fails in the same way, the log says where: report it.'],
  },
  invalid_solver_output: {
    http: 500,
    exit: 1,
    what: 'what the solver left cannot be read',
    advice: ['Run it again. If it fails in the same way, the log says more: report it.'],
  },
  // the machine
  storage_full: {
    http: 507,
    exit: 1,
    what: 'no space is left, or the quota is used up',
    advice: ['Remove old jobs (`prune`), then run it again (`retry`).'],
  },
  storage_failed: {
    http: 500,
    exit: 1,
    what: 'the disk or the database refuses',
    advice: ['The message says why: permission, read-only, unreachable.'],
  },
  corrupt_document: {
    http: 500,
    exit: 2,
    what: 'a `status.json` or `result.json` is damaged',
    advice: ['Restore it, or `remove` the job.'],
  },
  missing_package: {
    http: 500,
    exit: 1,
    what: 'an optional package is not installed',
    advice: ['The message says which, and what to type.'],
  },
  refused: {
    http: 403,
    exit: 1,
    what: 'a rule of the program that runs the jobs does not allow this image',
    advice: ['The message says why.'],
  },
  too_many_jobs: { http: 503, exit: 1, what: '`maxJobs` is reached', advice: ['Submit again later.'] },
  already_running: {
    http: 409,
    exit: 1,
    what: 'another batch writes the same table',
    advice: ['End it, or name another folder for the output.'],
  },
  worker_lost: {
    http: 500,
    exit: 1,
    what: 'its workers died, each time it was tried',
    advice: [
      'Run it again, or send a smaller copy: the image may bring the solver down; see the log and the memory.',
    ],
  },
  closed: { http: 503, exit: 1, what: 'this `AstroJobs` was closed', advice: ['Open another.'] },
  internal: {
    http: 500,
    exit: 1,
    what: 'a mistake of this library',
    advice: ['Report it, with the log.'],
  },
} as const satisfies Record<string, ErrorFacts>;

/** A way to fail that stays the same across releases: a key of `ERROR_TABLE`. */
export type ErrorCode = keyof typeof TABLE;

/**
 * Every way in which this library fails, by a code that stays the same across releases. Programs branch on the code; people
 * read the message, which says what to do. HTTP status, exit status, page and docs derive from this table.
 */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorFacts>> = TABLE;

/** All codes. */
export const ERROR_CODES = Object.keys(ERROR_TABLE) as [ErrorCode, ...ErrorCode[]];

/** Whether something is a code of `ERROR_TABLE`. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_TABLE, code);
}

/** What is known of a failure. */
export function errorFacts(code: ErrorCode): ErrorFacts {
  return ERROR_TABLE[code];
}
