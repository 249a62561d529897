import { loadConfiguration } from '../cli/configuration/configuration.js';
import { endQuietlyOnClosedPipe } from '../cli/interrupt.js';
import { printableLines } from '../cli/printable.js';
import { toAstroJobsError } from '../job/errors.js';
import type { SolveParamsInput } from '../job/param-table.js';
import { failOnFileSizeLimit } from '../process/file-size-limit.js';
import { Interrupted, Termination } from '../process/termination.js';

/** What it may take a solver to end, seconds. */
const GRACE_SECONDS = 2;

/** A line for a person. */
export function warn(line: string): void {
  process.stderr.write(`${printableLines(line)}\n`);
}

/**
 * Runs a program that answers in another one's manner: what goes wrong is one line on stderr and an exit status, and a signal ends it in order.
 * @param broken exit status of what should not happen, and of a configuration that cannot be used
 * @param main is given the parameters of the configuration file, which a command line outweighs
 */
export async function runDropIn(
  broken: number,
  main: (signal: AbortSignal, configured: SolveParamsInput) => Promise<number>,
): Promise<void> {
  endQuietlyOnClosedPipe();
  failOnFileSizeLimit();
  const termination = new Termination({ graceSeconds: GRACE_SECONDS });
  try {
    // The programs that they stand for tell nothing of what is measured.
    process.exitCode = await main(termination.signal, { ...loadConfiguration().params, measure: false });
  } catch (error) {
    const reason: unknown = termination.signal.aborted ? termination.signal.reason : error;
    if (!(reason instanceof Interrupted)) warn(toAstroJobsError(reason, 'astro-jobs').message);
    process.exitCode = reason instanceof Interrupted ? reason.exitCode : broken;
  }
  termination.done();
  // Threads that are kept for the next image would hold the program up.
  setTimeout(() => process.exit(), 100).unref();
}
