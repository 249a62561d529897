import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertHandles } from './handles.js';
import { endGroup, rememberGroup } from './process-group.js';

export interface ProcessOptions {
  program: string;
  args: string[];
  /** Working folder of the child. */
  cwd: string;
  /** Set over the environment; `TMPDIR` and `LC_ALL` are set already. */
  env?: Record<string, string>;
  /** What the child inherits. @default the environment of this process */
  inherited?: Readonly<Record<string, string>>;
  /** Ends the whole process group; the promise then rejects with `signal.reason`, when no process of it is left. */
  signal: AbortSignal;
  /** Every line of stdout and stderr as it comes, without its newline. */
  onLine?(line: string, from: 'stdout' | 'stderr'): void;
  /** Lines beyond this many bytes of output are read and dropped, with one line that says so. @default 8 MiB */
  maxOutputBytes?: number;
  /** Longer lines are handed on in pieces. @default 16 KiB */
  maxLineBytes?: number;
  /** How long a group may take to obey TERM before KILL, milliseconds. @default 300 */
  killAfterMs?: number;
}

/** How a child ended by itself. */
export interface ProcessEnd {
  exitCode?: number;
  /** The signal that ended it, such as `SIGSEGV`. */
  signal?: string;
  /** Wall-clock seconds. */
  seconds: number;
}

/** Whether it was ended from outside, as by an administrator or by a kernel that has no memory left, and not by its own fault. */
export const wasKilled = ({ signal }: ProcessEnd): boolean => signal === 'SIGKILL' || signal === 'SIGTERM';

/** A program that cannot be started at all (missing, not executable). */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

const MAX_LINE_BYTES = 16 * 1024;

/**
 * Runs the program ("$@") beside a guard that holds the other end of a pipe from us: when this process dies, however it
 * dies, the pipe closes and the guard kills the group. Exits as the program did; nothing is ever interpolated here.
 */
const GUARDED = `
"$@" 3<&- & program=$!
( exec >&- 2>&-; read -r _ <&3; kill -KILL 0 ) & guard=$!
wait "$program"; status=$?
kill -KILL "$guard"; wait "$guard" 2>&-
exit "$status"`;

/**
 * Runs one program in a process group of its own and waits until the whole group is gone.
 *
 * Output is handed on line by line and never kept, so a program that floods cannot fill the memory. When the
 * child has exited, whatever it left behind is killed, and pipes that a descendant still holds are not waited for.
 *
 * @throws CannotStart when the program cannot be started; AstroJobsError `storage_failed` when this process has no file handle
 * left to start any; `signal.reason` when it was ended.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  // A third of what a process that runs no program would load.
  const { execa } = await import('execa');
  options.signal.throwIfAborted();
  const started = performance.now();
  assertHandles(options.program);
  const child = execa('/bin/sh', ['-c', GUARDED, 'sh', options.program, ...options.args], {
    cwd: options.cwd,
    env: { ...options.inherited, LC_ALL: 'C', TMPDIR: options.cwd, ...options.env },
    extendEnv: options.inherited === undefined,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  if (child.pid === undefined) {
    const failed = await child;
    throw new CannotStart(`Cannot start ${options.program}: ${failed.shortMessage}`, { cause: failed.cause });
  }
  const pid = child.pid;
  const forget = rememberGroup(pid);

  const output = new Output(options);
  const read = [
    forwardLines(child.stdout, 'stdout', output, options.maxLineBytes ?? MAX_LINE_BYTES),
    forwardLines(child.stderr, 'stderr', output, options.maxLineBytes ?? MAX_LINE_BYTES),
  ];

  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endGroup(pid, options.killAfterMs ?? 300);
  };
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();

  // Not execa's own promise: that one waits for the pipes, which a grandchild may hold open for ever.
  const status = await new Promise<number>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
  options.signal.removeEventListener('abort', end);
  await (ending ?? endGroup(pid, 0));
  forget();
  await Promise.race([Promise.all(read), sleep(200, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  await child;
  options.signal.throwIfAborted();
  // The shell's own words for a program that is missing (127) or may not be executed (126).
  if ((status === 126 || status === 127) && output.complaint.startsWith('sh: ')) {
    throw new CannotStart(
      `Cannot start ${options.program}: ${output.complaint.replace(/^sh: (line )?\d+: /, '')}`,
    );
  }
  return { ...howItEnded(status), seconds: (performance.now() - started) / 1000 };
}

/** A shell passes a signal on as 128 + its number; no other program uses the statuses of signals. */
function howItEnded(status: number): Pick<ProcessEnd, 'exitCode' | 'signal'> {
  const signal = Object.entries(constants.signals).find(([, number]) => status === 128 + number)?.[0];
  return signal === undefined ? { exitCode: status } : { signal };
}

/** Hands lines on until the budget is spent, and says so once; what comes after is read and dropped. */
class Output {
  #left: number;
  readonly #options: ProcessOptions;
  /** The first line of stderr. */
  complaint = '';

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#left = options.maxOutputBytes ?? 8 * 1024 * 1024;
  }

  get full(): boolean {
    return this.#left < 0;
  }

  line(text: string, from: 'stdout' | 'stderr'): void {
    if (this.full) return;
    if (from === 'stderr') this.complaint ||= text;
    this.#left -= text.length + 1;
    this.#options.onLine?.(this.full ? '[too much output; the rest is not shown]' : text, from);
  }
}

function forwardLines(
  stream: Readable,
  from: 'stdout' | 'stderr',
  output: Output,
  maxLine: number,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  const take = (text: string) => {
    const lines = text.split('\n');
    lines[0] = partial + lines[0];
    partial = lines.pop() ?? '';
    for (const line of lines) output.line(line.slice(0, maxLine).replace(/\r$/, ''), from);
    if (partial.length > maxLine) {
      output.line(partial.slice(0, maxLine), from);
      partial = '';
    }
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      if (!output.full) take(decoder.write(chunk));
    });
    // A pipe that breaks has nothing more to say; how the child ended is told by its exit.
    stream.on('error', () => resolve());
    stream.on('close', () => {
      take(decoder.end());
      if (partial !== '') output.line(partial, from);
      partial = '';
      resolve();
    });
  });
}
