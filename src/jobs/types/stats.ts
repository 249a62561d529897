// Written by `npm run derive` from the schemas.

/** Seconds; of the jobs that were settled last. */
export interface Durations {
  /** Half of them were shorter, seconds. */
  median: number;
  /** 95 of 100 were shorter, seconds. */
  p95: number;
  /** The longest, seconds. */
  max: number;
}

/** Counts of jobs, and how long the last ones waited and ran. */
export interface JobStats {
  /** Jobs in each state. */
  counts: {
    /** Jobs that wait. */
    queued: number;
    /** Jobs that are being run. */
    processing: number;
    /** Jobs that were solved. */
    done: number;
    /** Jobs that were not. */
    error: number;
  };
  /** How many settled jobs the durations are taken from. */
  sample: number;
  /** From submission to the start of the last attempt. Absent without a sample. */
  waiting_seconds?: Durations;
  /** From that start to the end. Absent without a sample. */
  processing_seconds?: Durations;
}
