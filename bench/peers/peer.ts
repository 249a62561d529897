/** What is known of a field before it is solved. */
export interface Bounds {
  /** Arcseconds per pixel, lower and upper bound. */
  scale: readonly [low: number, high: number];
  /** Degrees, J2000. */
  position: readonly [ra: number, dec: number, radius: number];
}

export interface Question {
  path: string;
  /** Seconds after which an attempt is given up. */
  timeout: number;
  /** Absent for a blind search. */
  bounds?: Bounds;
}

export interface Answer {
  wall_s: number;
  cpu_s: number;
  /** Centre in degrees, J2000, and arcseconds per pixel; absent when nothing was found. */
  field?: { ra: number; dec: number; scale: number };
  /** Why nothing was found, where the program says it. */
  problem?: string;
}

/** One of the programs that are compared. */
export interface Peer {
  readonly name: string;
  /** Name, version and manner, for the page. */
  readonly about: string;
  /** Whether it is this library. */
  readonly own?: boolean;
  /** A run that does not count: caches are filled, settings chosen. */
  warmUp(question: Question): Promise<Answer>;
  /** From the file on the disk to the plate solution. */
  run(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

/** A program that could not be compared. */
export interface MissingPeer {
  readonly name: string;
  /** Why, and what to install. */
  readonly missing: string;
}
