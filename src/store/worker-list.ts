/** A process that takes jobs out of a store. */
export interface WorkerNotice {
  /** Host name of its machine. */
  host: string;
  /** Its process id there. */
  pid: number;
  /** Tells boots and containers of one host name apart. */
  machine: string;
  /** Jobs that it runs side by side, at most. */
  concurrency: number;
}

/**
 * The processes that take jobs out of a store, kept beside the jobs, so that those which wait for some are known to others. Nothing depends
 * on it but what an operator is told. Methods reject with an `AstroJobsError`, as those of a `JobStore` do.
 */
export interface WorkerList {
  /** The process takes jobs; forgotten after so many seconds unless it is said again. */
  announce(worker: WorkerNotice, seconds: number): Promise<void>;

  /** The process takes no more jobs. */
  withdraw(worker: WorkerNotice): Promise<void>;

  /** Those that were announced and not withdrawn, whose time is not over and that are not known to be dead. */
  list(): Promise<WorkerNotice[]>;
}
