import type { SolveParamsInput } from '../../job/param-table.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import type { SolveOutcome, Solver } from '../solver.js';

/** A photograph for the suite, and what the solver is told of it. */
export interface SolverImage {
  /** The file. */
  path: string;
  /** Parameters of its solve. */
  params?: SolveParamsInput;
}

/** A solver to test, with photographs that it knows. */
export interface SolverUnderTest {
  /** The solver that is tested. */
  solver: Solver;
  /** The same solver without what it needs, such as its program or data; `never` when it needs nothing that could be missing. */
  unavailable: Solver | 'never';
  /** An image that it solves, and where its centre is: degrees J2000, right within `within_deg`. */
  solvable: SolverImage & {
    /** Right ascension of its centre, degrees, J2000. */
    ra_deg: number;
    /** Declination of its centre, degrees, J2000. */
    dec_deg: number;
    /** How far off a solution may be, degrees. */
    within_deg: number;
  };
  /** An image without a solution. */
  unsolvable: SolverImage;
  /** An image that keeps the solver busy for ten seconds or more. */
  slow: SolverImage;
  /** Lets go of what was opened for the test. */
  dispose(): Promise<void>;
}

/** The checks of one subject: what is promised, and how it is found out. */
export type Checks = Readonly<Record<string, (under: SolverUnderTest) => Promise<void>>>;

/** Where an outcome says that the centre of the image is, degrees J2000; undefined when it is not solved. */
export function centreOf(outcome: SolveOutcome): [ra_deg: number, dec_deg: number] | undefined {
  switch (outcome.kind) {
    case 'plate': {
      const { wcs } = outcome;
      return pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
    }
    case 'document': {
      const { document } = outcome;
      return document.ok ? [document.astrometry.ra_center, document.astrometry.dec_center] : undefined;
    }
    case 'failed':
      return undefined;
  }
}

/** The stable code of an outcome that is no solution. */
export function codeOf(outcome: SolveOutcome): string | undefined {
  switch (outcome.kind) {
    case 'plate':
      return undefined;
    case 'document':
      return outcome.document.ok ? undefined : outcome.document.error_code;
    case 'failed':
      return outcome.code;
  }
}
