/** A file that a solver, or a job, leaves: its path on this machine, or its bytes. */
export type OutcomeFile = string | Uint8Array;
