/**
 * `unreadable_image`: the browser cannot decode the file. `stars_unavailable`: the star file cannot be loaded, or is damaged.
 * `worker_failed`: the worker cannot be started, or died.
 */
export type PlateErrorCode = 'unreadable_image' | 'stars_unavailable' | 'worker_failed';

/** Why a picture could not be searched at all; a picture without a solution is an answer, not an error. */
export class PlateError extends Error {
  /** The name of the class, also where the error came out of a worker. */
  override readonly name = 'PlateError';
  /** Why, for a program; each code stays the same across releases. */
  readonly code: PlateErrorCode;

  constructor(code: PlateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
