import type { Command } from 'commander';
import type { AstroJobs } from '../astro-jobs.js';
import { EXIT, failureOf, isUsageError } from './failure.js';
import { Interrupted, interruptSignal } from './interrupt.js';
import type { OpenOptions } from './open.js';
import { printDocument } from './print.js';

/** What every command knows. */
export interface ActionContext {
  /** Aborts with an `Interrupted`. */
  signal: AbortSignal;
  /** Where the jobs are. */
  where: OpenOptions;
}

interface CommonOptions {
  jobId?: string;
}

/** Returns the exit status; 0 when it returns none. */
type Run<Context, Options> = (context: Context, options: Options) => Promise<number | undefined>;

/** A commander action: what `run` throws becomes a document on stdout and the exit status of the documented table. */
export function action<Options extends CommonOptions>(run: Run<ActionContext, Options>) {
  return async (options: Options, command: Command): Promise<void> => {
    const signal = interruptSignal();
    try {
      const where = command.optsWithGlobals<OpenOptions>();
      process.exitCode = (await run({ signal, where }, options)) ?? EXIT.ok;
    } catch (error) {
      // What fails after an interruption fails because of it.
      process.exitCode = reported(signal.aborted ? signal.reason : error, options.jobId, command);
    }
  };
}

/**
 * An action around an open `AstroJobs`. Modules are loaded here and not before: `--help` and wrong usage
 * need none of them.
 */
export function jobsAction<Options extends CommonOptions>(
  run: Run<ActionContext & { jobs: AstroJobs }, Options>,
) {
  return action<Options>(async (context, options) => {
    const { openJobs } = await import('./open.js');
    const jobs = await openJobs(context.where);
    try {
      return await run({ ...context, jobs }, options);
    } finally {
      await jobs.close();
    }
  });
}

function reported(error: unknown, jobId: string | undefined, command: Command): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (isUsageError(error)) return command.error(`error: ${error.message}`, { exitCode: EXIT.usage });
  const failure = failureOf(error, jobId);
  printDocument(failure.document);
  return failure.exitCode;
}
