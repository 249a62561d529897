import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AstroJobs } from '../../src/astro-jobs.js';
import type { AstroJobsOptions } from '../../src/astro-jobs-options.js';
import type { JobStatus } from '../../src/job/status.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

export interface WorkerOptions {
  leaseSeconds?: number;
  maxAttempts?: number;
  concurrency?: number;
  closeSeconds?: number;
  clockJumpSeconds?: number;
  limits?: AstroJobsOptions['limits'];
  /** Wraps the command, as `prlimit` and `setpriv` do. */
  under?: readonly string[];
  dir?: string;
}

export interface Worker {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** What it has said on stderr. */
  said(): string;
  ended: Promise<void>;
}

/** Folders of one test, the processes in them, and an `AstroJobs` that submits and runs nothing itself. */
export class Fixture {
  readonly jobsDir: string;
  readonly scratchDir: string;
  readonly store: FileSystemJobStore;
  readonly jobs: AstroJobs;
  readonly #children = new Set<ChildProcess>();

  constructor(
    /** Holds everything of the test. */
    readonly dir: string,
    options: AstroJobsOptions = {},
  ) {
    this.jobsDir = join(dir, 'jobs');
    this.scratchDir = join(dir, 'scratch');
    this.store = new FileSystemJobStore({ dir: this.jobsDir });
    this.jobs = new AstroJobs({
      store: this.store,
      queue: new InProcessQueue({ concurrency: 0 }),
      ...options,
    });
  }

  /**
   * The external extractor of the fixture: a program in shell that solves after `before`. In it `$2` is the image; `solved`
   * prints a result.
   */
  async solver(before: string): Promise<void> {
    const path = this.#solverPath;
    const document = JSON.stringify({ ...SOLVED, astrometry: { ...SOLVED.astrometry, sha256: 'SUM' } });
    await writeFile(
      path,
      `#!/bin/sh\nsolved() { sum=$(sha256sum < "$2" | cut -c1-64); echo '${document}' | sed "s/SUM/$sum/"; }\n${before}\nsolved "$@"\n`,
    );
    await chmod(path, 0o755);
  }

  get #solverPath(): string {
    return join(this.dir, 'extractor');
  }

  /** Resolves when the worker takes jobs. */
  async worker(options: WorkerOptions = {}): Promise<Worker> {
    const given = {
      dir: this.jobsDir,
      scratchDir: this.scratchDir,
      extractorBin: this.#solverPath,
      leaseSeconds: 2,
      maxAttempts: 3,
      concurrency: 1,
      closeSeconds: 0,
      ...options,
    };
    const [program, ...args] = [...(options.under ?? []), process.execPath, WORKER, JSON.stringify(given)];
    const child = spawn(program!, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: this.dir },
    });
    this.#children.add(child);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => {
        this.#children.delete(child);
        resolve();
      });
    });
    await until(() => {
      if (child.exitCode !== null) throw new Error(`The worker has ended: ${said}`);
      return said.includes('ready');
    });
    return { pid: child.pid!, kill: (signal) => void child.kill(signal), said: () => said, ended };
  }

  submit(
    image: Uint8Array = tinyImage(),
    params: Parameters<AstroJobs['submit']>[1] = {},
  ): Promise<JobStatus> {
    return this.jobs.submit(image, { solver: 'external', ...params }, { filename: 'sky.pgm' });
  }

  /** Waits for a job to be in a state. */
  async reaches(id: string, holds: (status: JobStatus) => boolean): Promise<JobStatus> {
    for (;;) {
      const status = await this.jobs.status(id);
      if (holds(status)) return status;
      await sleep(30);
    }
  }

  /** Processes that were started here and are alive; workers, and what they keep warm to read images, count only with `withWorkers`. */
  processes({ withWorkers = false } = {}): string[] {
    const workers = withWorkers ? [] : [...this.#children].map((child) => child.pid);
    return processesAbout(this.dir)
      .filter(({ pid }) => !workers.includes(pid))
      .filter(({ command }) => withWorkers || !command.includes('decoder-process'))
      .map(({ command }) => command);
  }

  scratchLeft(): string[] {
    try {
      return readdirSync(this.scratchDir);
    } catch {
      return [];
    }
  }

  async dispose(): Promise<void> {
    for (const child of this.#children) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    for (const { pid } of processesAbout(this.dir)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.jobs.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export async function withFixture<T>(
  use: (fixture: Fixture) => Promise<T>,
  options: AstroJobsOptions = {},
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-fault-'));
  await mkdir(join(dir, 'scratch'));
  const fixture = new Fixture(dir, options);
  try {
    return await use(fixture);
  } finally {
    await fixture.dispose();
  }
}

/** Calls until it holds; the test's own time limit is the end of patience. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(30);
}

let images = 0;

/** A picture of 64 pixels, unlike any other of this process. */
export function tinyImage(): Buffer {
  const pixels = Buffer.alloc(64, 7);
  images += 1;
  pixels.writeUInt32LE(images);
  return Buffer.concat([Buffer.from('P5 8 8 255\n'), pixels]);
}

const SOLVED = {
  ok: true,
  filename: 'sky.pgm',
  capture: {},
  astrometry: {
    ra_center: 1,
    dec_center: 2,
    fov_deg: [3, 4],
    pixscale_arcsec: 5,
    orientation_deg: 6,
    objects: [],
  },
};

/** Processes that have a text in their environment or arguments; this one and dead ones do not count. */
function processesAbout(text: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${name}/status`, 'latin1'))) continue;
      if (!(command + readFileSync(`/proc/${name}/environ`, 'latin1')).includes(text)) continue;
      found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
    } catch {
      // It ended meanwhile, or belongs to another user.
    }
  }
  return found;
}
