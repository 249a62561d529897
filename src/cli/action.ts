import type { Command } from 'commander';
import type { AstroJobs } from '../astro-jobs.js';
import { EXIT, failureOf, isUsageError } from './failure.js';
import { Interrupted, interruptSignal } from './interrupt.js';
import type { OpenOptions } from './open-jobs.js';
import { printDocument } from './print.js';

/** What a command works with. */
export interface ActionContext {
  jobs: AstroJobs;
  /** Aborts with an `Interrupted`. */
  signal: AbortSignal;
}

interface CommonOptions {
  jobId?: string;
}

/**
 * A commander action around an open `AstroJobs`. `run` returns the exit status, 0 when it returns none; what it
 * throws becomes a document on stdout and the status of the documented table.
 * Modules are loaded here and not before: `--help` and wrong usage need none of them.
 */
export function jobsAction<Options extends CommonOptions>(
  run: (context: ActionContext, options: Options) => Promise<number | undefined>,
) {
  return async (options: Options, command: Command): Promise<void> => {
    const signal = interruptSignal();
    try {
      const { openJobs } = await import('./open-jobs.js');
      const jobs = await openJobs(command.optsWithGlobals<OpenOptions>());
      try {
        process.exitCode = (await run({ jobs, signal }, options)) ?? EXIT.ok;
      } finally {
        await jobs.close();
      }
    } catch (error) {
      process.exitCode = reported(error, options.jobId, command);
    }
  };
}

function reported(error: unknown, jobId: string | undefined, command: Command): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (isUsageError(error)) return command.error(`error: ${error.message}`, { exitCode: EXIT.usage });
  const failure = failureOf(error, jobId);
  printDocument(failure.document);
  return failure.exitCode;
}
