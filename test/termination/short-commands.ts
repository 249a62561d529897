import type { Pair } from './pairs.js';
import { startProgram } from './program.js';

/** What a command did. */
export interface ShortRun {
  pair: string;
  command: string;
  /** From its answer to its end. */
  afterAnswerMs: number;
  totalMs: number;
  code: number | null;
  ok: boolean;
}

/** No command takes so long, on however busy a machine; one that does hangs. */
const HANGS_MS = 60_000;

/** Commands about a job that no worker has taken, and the exit status of each. */
const ABOUT_A_JOB: readonly (readonly [name: string, code: number, ...more: string[]])[] = [
  ['status', 0],
  ['logs', 0],
  ['result', 1],
  ['wait', 1, '--timeout', '0.5s'],
  ['cancel', 0],
  ['result', 0],
  ['wait', 1],
  ['remove', 0],
];

/**
 * Runs `count` short commands on a pair one after another, each in a process of its own; no worker is there. A command that does
 * not end is killed and told by its code.
 */
export async function runShortCommands(
  pair: Pair,
  { count, image, cwd }: { count: number; image: string; cwd: string },
): Promise<ShortRun[]> {
  const runs: ShortRun[] = [];
  const run = async (code: number, ...args: string[]) => {
    const program = startProgram(args, pair.env, cwd);
    const timer = setTimeout(() => program.child.kill('SIGKILL'), HANGS_MS);
    const ended = await program.ended;
    clearTimeout(timer);
    runs.push({
      pair: pair.name,
      command: args[0] ?? '',
      afterAnswerMs: ended.endedMs - (ended.answeredMs ?? 0),
      totalMs: ended.endedMs,
      code: ended.code,
      ok: ended.code === code,
    });
    return program.stdout();
  };
  while (runs.length < count) {
    // Not due for an hour: also the runner of a folder leaves it alone.
    const answer = await run(0, 'submit', '--image', image, '--delay', '1h');
    const { job_id } = JSON.parse(answer === '' ? '{}' : answer) as { job_id?: string };
    await run(0, 'list');
    for (const [name, code, ...more] of ABOUT_A_JOB) {
      if (runs.length >= count) break;
      await run(code, name, '--job-id', job_id ?? '', ...more);
    }
    if (runs.length < count) await run(0, 'prune', '--older-than', '1d');
  }
  return runs;
}
