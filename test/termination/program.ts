import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** One run of the built program. */
export interface Program {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves at the first whole line on stdout; rejects when it ends without one. */
  answered: Promise<void>;
  ended: Promise<{
    code: number | null;
    signal: NodeJS.Signals | null;
    answeredMs?: number;
    endedMs: number;
  }>;
}

/** Times are milliseconds since the start. */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Program {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let answeredMs: number | undefined;
  const ended = new Promise<Awaited<Program['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({
        code,
        signal,
        endedMs: performance.now() - started,
        ...(answeredMs !== undefined && { answeredMs }),
      }),
    );
  });
  const answered = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (!stdout.includes('\n')) return;
      answeredMs ??= performance.now() - started;
      resolve();
    });
    child.once('close', () => reject(new Error(`${args.join(' ')} ended without an answer: ${stderr}`)));
  });
  answered.catch(() => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { child, stdout: () => stdout, stderr: () => stderr, answered, ended };
}
