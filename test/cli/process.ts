import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, vi } from 'vitest';

/** The built program: what users run. `npm test` builds it first. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
if (!existsSync(MAIN)) throw new Error('These tests run the built program: `npm run build` first');

export interface Ended {
  stdout: string;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Running {
  pid: number;
  /** All of stderr so far. */
  stderr(): string;
  stdout(): string;
  kill(signal: NodeJS.Signals): void;
  closeStdout(): void;
  ended: Promise<Ended>;
}

export interface CliOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string | Buffer;
  /** Another user to run it as; only root may. */
  user?: { uid: number; gid: number };
}

/** A private jobs directory and the program that works on it. */
export interface Cli {
  /** Holds everything of one test. */
  dir: string;
  jobsDir: string;
  start(args: readonly string[], options?: CliOptions): Running;
  run(args: readonly string[], options?: CliOptions): Promise<Ended>;
  /** Runs a command that must print one JSON document and nothing else; checks the exit status. */
  json<T = Record<string, unknown>>(args: readonly string[], code?: number, options?: CliOptions): Promise<T>;
  submit(image: string, ...args: string[]): Promise<string>;
  /** Processes that have this test's folder in their environment or arguments. */
  processes(): { pid: number; command: string }[];
  /** Resolves when `processes()` are none. */
  idle(): Promise<void>;
}

function processesAbout(text: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      const zombie = /^State:\s+Z/m.test(readFileSync(`/proc/${name}/status`, 'latin1'));
      if (zombie || !(command + readFileSync(`/proc/${name}/environ`, 'latin1')).includes(text)) continue;
      found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
    } catch {
      // It ended meanwhile, or belongs to another user.
    }
  }
  return found;
}

/** Calls until it holds; vitest's own time limit is the end of patience. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

function cliIn(dir: string): Cli {
  const jobsDir = join(dir, 'jobs');
  const start = (args: readonly string[], options: CliOptions = {}): Running => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd ?? dir,
      env: { ...process.env, JOBS_DIR: jobsDir, TMPDIR: dir, ...options.env },
      ...options.user,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    return {
      pid: child.pid!,
      stdout: () => stdout,
      stderr: () => stderr,
      kill: (signal) => void child.kill(signal),
      closeStdout: () => child.stdout.destroy(),
      ended: new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => resolve({ stdout, stderr, code, signal }));
      }),
    };
  };
  const run: Cli['run'] = (args, options) => start(args, options).ended;
  const json = async <T>(args: readonly string[], code = 0, options?: CliOptions): Promise<T> => {
    const ended = await run(args, options);
    expect(ended, `${args.join(' ')}\n${ended.stdout}${ended.stderr}`).toMatchObject({ code });
    return JSON.parse(ended.stdout) as T;
  };
  const processes = () => processesAbout(dir);
  return {
    dir,
    jobsDir,
    start,
    run,
    json,
    submit: async (image, ...args) => {
      const { job_id } = await json<{ job_id: string }>(['submit', '--image', image, ...args]);
      return job_id;
    },
    processes,
    idle: () => until(() => processes().length === 0),
  };
}

/** A fresh folder for each test of the file; what a test leaves running is ended, and nothing of it remains. */
export function useCli(): Cli {
  const cli = {} as Cli;
  // A test starts up to forty processes, each of which loads the program anew.
  vi.setConfig({ testTimeout: 300_000 });
  beforeEach(async () => {
    Object.assign(cli, cliIn(await mkdtemp(join(tmpdir(), 'astro-jobs-cli-'))));
  });
  afterEach(async () => {
    for (const { pid } of cli.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    }
    await cli.idle();
    await rm(cli.dir, { recursive: true, force: true });
  });
  return cli;
}
