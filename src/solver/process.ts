import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import { endGroup, rememberGroup } from './process-group.js';

export interface ProcessOptions {
  program: string;
  args: string[];
  /** Working folder of the child. */
  cwd: string;
  /** Set over the environment of this process; `TMPDIR` and `LC_ALL` are set already. */
  env?: Record<string, string>;
  /** Ends the whole process group; the promise then rejects with `signal.reason`, when nobody is left. */
  signal: AbortSignal;
  /** Every line of stdout and stderr as it comes, without its newline. */
  onLine?(line: string, from: 'stdout' | 'stderr'): void;
  /** Lines beyond this many bytes of output are read and dropped, with one line that says so. @default 8 MiB */
  maxOutputBytes?: number;
  /** Longer lines are handed on in pieces. @default 16 KiB */
  maxLineBytes?: number;
  /** How long a group may take to obey TERM before KILL, milliseconds. @default 300 */
  graceMs?: number;
}

/** How a child ended by itself. */
export interface ProcessEnd {
  exitCode?: number;
  /** The signal that ended it, such as `SIGSEGV`. */
  signal?: string;
  /** Wall-clock seconds. */
  seconds: number;
}

/** A program that cannot be started at all (missing, not executable). */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/**
 * Runs one program in a process group of its own and waits until the whole group is gone.
 *
 * Output is handed on line by line and never kept, so a program that floods cannot fill the memory. When the
 * child has exited, whatever it left behind is killed, and pipes that a descendant still holds are not waited for.
 *
 * @throws CannotStart when the program cannot be started; `signal.reason` when it was ended.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  options.signal.throwIfAborted();
  const started = performance.now();
  const child = execa(options.program, options.args, {
    cwd: options.cwd,
    env: { LC_ALL: 'C', TMPDIR: options.cwd, ...options.env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  if (child.pid === undefined) {
    const failed = await child;
    throw new CannotStart(failed.shortMessage ?? `Cannot start ${options.program}`, { cause: failed.cause });
  }
  const pid = child.pid;
  const forget = rememberGroup(pid);

  const output = outputBudget(options.maxOutputBytes ?? 8 * 1024 * 1024, options.onLine);
  const maxLine = options.maxLineBytes ?? MAX_LINE;
  const read = [
    forwardLines(child.stdout, 'stdout', maxLine, output),
    forwardLines(child.stderr, 'stderr', maxLine, output),
  ];

  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endGroup(pid, options.graceMs ?? 300);
  };
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();

  // Not execa's own promise: that one waits for the pipes, which a grandchild may hold open for ever.
  const exit = await new Promise<Pick<ProcessEnd, 'exitCode' | 'signal'>>((resolve) => {
    child.once('exit', (exitCode, signal) =>
      resolve({ ...(exitCode !== null && { exitCode }), ...(signal !== null && { signal }) }),
    );
  });
  options.signal.removeEventListener('abort', end);
  await (ending ?? endGroup(pid, 0));
  forget();
  await Promise.race([Promise.all(read), new Promise((resolve) => setTimeout(resolve, 200).unref())]);
  child.stdout.destroy();
  child.stderr.destroy();
  await child;
  options.signal.throwIfAborted();
  return { ...exit, seconds: (performance.now() - started) / 1000 };
}

type LineSink = NonNullable<ProcessOptions['onLine']>;

/** Passes lines on until the budget is spent, then says so once. */
function outputBudget(maxBytes: number, onLine: LineSink | undefined): LineSink {
  let left = maxBytes;
  return (line, from) => {
    if (left < 0) return;
    left -= line.length + 1;
    onLine?.(left < 0 ? `[more than ${maxBytes} bytes of output; the rest is not shown]` : line, from);
  };
}

const MAX_LINE = 16 * 1024;

function forwardLines(
  stream: Readable,
  from: 'stdout' | 'stderr',
  maxLine: number,
  sink: LineSink,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  const take = (text: string) => {
    const lines = (partial + text).split(/\r?\n/);
    partial = lines.pop() ?? '';
    for (const line of lines) sink(line.slice(0, maxLine), from);
    if (partial.length > maxLine) {
      sink(partial, from);
      partial = '';
    }
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
    // A pipe that breaks has nothing more to say; how the child ended is told by its exit.
    stream.on('error', () => resolve());
    stream.on('close', () => {
      take(decoder.end());
      if (partial !== '') sink(partial, from);
      partial = '';
      resolve();
    });
  });
}
