import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of the built package with what it says, line by line. */
export interface Process {
  pid: number;
  alive(): boolean;
  signal(signal: NodeJS.Signals): void;
  exited: Promise<unknown>;
}

export function start(
  script: 'worker' | 'submitter',
  setup: object,
  on: { line?: (line: string) => void; complaint?: (line: string) => void } = {},
): Process {
  const file = fileURLToPath(new URL(`./${script}.mjs`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [file, JSON.stringify(setup)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.stdout && on.line) createInterface({ input: child.stdout }).on('line', on.line);
  if (child.stderr) createInterface({ input: child.stderr }).on('line', on.complaint ?? (() => {}));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid ?? 0,
    alive: () => child.exitCode === null && child.signalCode === null,
    signal: (signal) => void child.kill(signal),
    exited,
  };
}
