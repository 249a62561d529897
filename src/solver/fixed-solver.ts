import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedImage } from '../image/image.js';
import type { ErrorCode } from '../job/error-codes.js';
import { displayAxes } from '../wcs/display.js';
import { encodeWcs } from '../wcs/encode.js';
import { RAD, separation } from '../wcs/sphere.js';
import type { Wcs } from '../wcs/wcs.js';
import { userPosition, userScale } from './search/bounds.js';
import type { SolveContext, SolveOutcome, SolveRequest, Solver, SolverInfo } from './solver.js';

/** Where an image shall be said to point. */
export interface FixedField {
  /** Centre, degrees J2000. */
  ra_deg: number;
  /** Declination of the centre, degrees, J2000. */
  dec_deg: number;
  /** Arcseconds per pixel. */
  pixscale_arcsec: number;
  /** Position angle of the upper edge as the image is seen, degrees east of north. @default 0 */
  position_angle_deg?: number;
  /** How long the solve takes; it ends at once when it is cancelled. @default 0 */
  seconds?: number;
}

/** That an image shall be said to have no solution, and why. */
export interface FixedFailure {
  /** Why there is no solution: a code of `ERROR_TABLE`. */
  code: ErrorCode;
  /** Why, one line for a person. */
  message: string;
  /** As of `FixedField`. */
  seconds?: number;
}

/** What `FixedSolver` is told. */
export interface FixedSolverOptions {
  /** What is answered: one answer for all images, or a function that looks at each. */
  answer: FixedField | FixedFailure | ((request: SolveRequest) => FixedField | FixedFailure);
  /** What `params.solver` calls it. @default 'fixed' */
  name?: string;
}

function wcsOf(image: OpenedImage, field: FixedField): Wcs {
  const { ra_deg, dec_deg, pixscale_arcsec, position_angle_deg = 0 } = field;
  const { right, up } = displayAxes(image);
  const [sin, cos] = [Math.sin(position_angle_deg * RAD), Math.cos(position_angle_deg * RAD)];
  const step = pixscale_arcsec / 3600;
  const row = (rightward: number, upward: number): [number, number] => [
    step * (rightward * right[0] + upward * up[0]),
    step * (rightward * right[1] + upward * up[1]),
  ];
  return {
    crval: [ra_deg, dec_deg],
    crpix: [(image.width + 1) / 2, (image.height + 1) / 2],
    // East and north of a step to the right and of one upwards, as the sky is seen from below: east is left of north.
    cd: [row(-cos, sin), row(sin, cos)],
    width: image.width,
    height: image.height,
  };
}

function within(field: FixedField, { image, params }: SolveRequest): boolean {
  const scale = userScale(params, image.width);
  const circle = userPosition(params);
  return (
    (!scale || (field.pixscale_arcsec >= scale.low && field.pixscale_arcsec <= scale.high)) &&
    (!circle || separation(field.ra_deg, field.dec_deg, circle.ra_deg, circle.dec_deg) <= circle.radius_deg)
  );
}

/**
 * A solver for the tests of a program that uses this library: it looks at no star, and answers what it was told. Everything around it (jobs, metadata, objects in the field, pictures) is real. A field outside the bounds of a job is no solution.
 *
 * @example
 * const solver = new FixedSolver({ answer: { ra_deg: 83.82, dec_deg: -5.39, pixscale_arcsec: 2.1 } });
 * const jobs = new AstroJobs({ store: new MemoryJobStore(), solver });
 */
export class FixedSolver implements Solver {
  readonly name: string;
  readonly #answer: FixedSolverOptions['answer'];

  constructor({ answer, name = 'fixed' }: FixedSolverOptions) {
    this.#answer = answer;
    this.name = name;
  }

  async inspect(): Promise<SolverInfo> {
    return { name: this.name, available: true };
  }

  async solve(request: SolveRequest, context: SolveContext): Promise<SolveOutcome> {
    context.signal.throwIfAborted();
    context.onProgress({ stage: 'solving' });
    const answer = typeof this.#answer === 'function' ? this.#answer(request) : this.#answer;
    const { seconds = 0 } = answer;
    try {
      await sleep(seconds * 1000, undefined, { signal: context.signal });
    } catch {
      throw context.signal.reason;
    }
    const report = { solver: this.name, seconds };
    const failed = ({ code, message }: FixedFailure): SolveOutcome => ({
      kind: 'failed',
      code,
      message,
      report,
      files: {},
    });
    if ('code' in answer) return failed(answer);
    if (!within(answer, request))
      return failed({
        code: 'no_solution',
        message: 'The field of the solver is outside the bounds of the job',
      });
    const wcs = wcsOf(request.image, answer);
    return {
      kind: 'plate',
      wcs,
      sources: { detected: 0, matched: 0 },
      quality: {},
      report,
      files: { 'solution.wcs': encodeWcs(wcs) },
    };
  }
}
