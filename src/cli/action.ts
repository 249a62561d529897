import type { Command } from 'commander';
import type { AstroJobs } from '../astro-jobs.js';
import { Interrupted, Termination } from '../process/termination.js';
import { EXIT, failureOf, isUsageError } from './failure.js';
import type { OpenOptions } from './open.js';
import { printDocument } from './print.js';

/** What every command knows. */
export interface ActionContext {
  /** Aborts with an `Interrupted`. */
  signal: AbortSignal;
  /** The one that was called. */
  command: Command;
  /** What stood by position. */
  args: readonly string[];
  /** Where the jobs are. */
  where: OpenOptions;
  /** Failures from now on are about this job. */
  about(jobId: string): void;
  /** The answer is printed and nothing is to be ended in order: from now on a signal ends the program on the spot. */
  answered(): void;
}

interface CommonOptions {
  jobId?: string;
}

/** Returns the exit status; 0 when it returns none. */
type Run<Context, Options> = (context: Context, options: Options) => Promise<number | undefined>;

export interface ActionOptions<Options> {
  /** Seconds that the command has to end in order after a signal. @default 0: it has nothing to end */
  graceSeconds?(options: Options): number;
}

export interface JobsActionOptions<Options> extends ActionOptions<Options> {
  /** This process runs the jobs that it submits, where no engine is configured: so many side by side. */
  inForeground?(options: Options): number;
  /** It runs until it is told to stop, and logs what it does. */
  service?: boolean;
}

/** A command that has answered and let go ends by itself; what holds it up all the same is left behind after so long. */
const LAST_MS = 1000;

/** A commander action: what `run` throws becomes a document on stdout and the exit status of the documented table. */
export function action<Options extends CommonOptions>(
  run: Run<ActionContext, Options>,
  { graceSeconds }: ActionOptions<Options> = {},
) {
  return async (...given: [...args: unknown[], options: Options, command: Command]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = given.at(-2) as Options;
    const termination = graceSeconds
      ? new Termination({ graceSeconds: graceSeconds(options) })
      : new Termination({ graceSeconds: 0, lettingGoMs: LAST_MS });
    const { signal } = termination;
    let { jobId } = options;
    const about = (id: string) => {
      jobId = id;
    };
    try {
      const where = command.optsWithGlobals<OpenOptions>();
      const context = {
        signal,
        command,
        args: command.args,
        where,
        about,
        answered: () => termination.done(),
      };
      const exitCode = await run(context, options);
      process.exitCode = exitCode ?? EXIT.ok;
    } catch (error) {
      // What fails after an interruption fails because of it.
      process.exitCode = reported(signal.aborted ? signal.reason : error, jobId, command);
    }
    termination.done();
    setTimeout(() => process.exit(), LAST_MS).unref();
  };
}

/**
 * An action around an open `AstroJobs`. Modules are loaded here and not before: `--help` and wrong usage
 * need none of them.
 */
export function jobsAction<Options extends CommonOptions>(
  run: Run<ActionContext & { jobs: AstroJobs }, Options>,
  { inForeground, service, ...more }: JobsActionOptions<Options> = {},
) {
  return action<Options>(async (context, options) => {
    const { openJobs, serviceLogger } = await import('./open.js');
    const where = service ? { ...context.where, logger: serviceLogger() } : context.where;
    const jobs = await openJobs(where, { inForeground: inForeground?.(options) });
    try {
      return await run({ ...context, where, jobs }, options);
    } finally {
      context.answered();
      // A job that still runs in this process is given back for others to run.
      await jobs.close({ graceSeconds: 0 });
    }
  }, more);
}

/** A message of the library, which speaks of parameters and options, in the words of the command line. */
function withFlags(message: string, { options }: Command): string {
  const flags = new Set(options.map(({ long }) => long));
  const flagOf = (name: string) => {
    const kebab = `--${name
      .replace(/Seconds$/, '')
      .replace(/_/g, '-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return flags.has(kebab) ? kebab : undefined;
  };
  return message
    .replace(/`(\w+)`/g, (quoted, name: string) => flagOf(name) ?? quoted)
    .replace(/\b[a-z]+_[a-z]+\b/g, (name) => flagOf(name) ?? name);
}

function reported(error: unknown, jobId: string | undefined, command: Command): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (isUsageError(error))
    return command.error(`error: ${withFlags(error.message, command)}`, { exitCode: EXIT.usage });
  const failure = failureOf(error, jobId);
  printDocument(failure.document);
  return failure.exitCode;
}
