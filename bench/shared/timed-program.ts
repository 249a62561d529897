import { spawn } from 'node:child_process';
import { orphanSeconds, settle } from './cpu-seconds.mjs';

/** One run of a program. */
export interface TimedRun {
  wall_s: number;
  /** Of the program and everything it waited for; for a run that was ended it is taken for its wall time. */
  cpu_s: number;
  /** Whether it was ended because its time was up. */
  ended: boolean;
}

export interface TimedOptions {
  cwd: string;
  /** Seconds after which the program and its children are killed. */
  timeout: number;
  /** A file in `cwd` that takes the program's output; what it says besides is dropped. */
  output?: string;
  env?: NodeJS.ProcessEnv;
}

/** `times` of a shell: its own, then its children's; user and system. */
export function childSeconds(times: string): number {
  const numbers = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return (numbers[2] ?? 0) + (numbers[3] ?? 0);
}

/** Runs a program to its end. Its exit status is left to the caller's look at what it wrote. */
export async function runTimed(
  command: readonly string[],
  { cwd, timeout, output = '/dev/null', env }: TimedOptions,
): Promise<TimedRun> {
  const orphansBefore = orphanSeconds();
  const started = performance.now();
  const script = 'output=$1; shift; "$@" >"$output" 2>/dev/null; times';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', output, ...command], {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let ended = false;
  const timer = setTimeout(() => {
    ended = true;
    // The shell leads a process group of its own; without a pid it never started.
    if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
  }, timeout * 1000);
  let times = '';
  shell.stdout.on('data', (chunk) => {
    times += chunk;
  });
  await new Promise<void>((resolve, reject) => shell.once('close', () => resolve()).once('error', reject));
  clearTimeout(timer);
  const wall_s = (performance.now() - started) / 1000;
  if (ended) return { wall_s, cpu_s: wall_s, ended };
  await settle();
  return { wall_s, cpu_s: childSeconds(times) + orphanSeconds() - orphansBefore, ended };
}
