import { readFile } from 'node:fs/promises';

/** A file that a solver, or a job, leaves: its path on this machine, or its bytes. */
export type OutcomeFile = string | Uint8Array;

/** Its bytes. */
export async function readOutcomeFile(file: OutcomeFile): Promise<Uint8Array> {
  return typeof file === 'string' ? readFile(file) : file;
}
