import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AstroJobWorker, type AstroJobWorkerOptions } from '../../src/astro-job-worker.js';
import { AstroJobs } from '../../src/astro-jobs.js';
import type { SolveParams } from '../../src/job/param-table.js';
import type { SubmitOptions } from '../../src/jobs/submit/options.js';
import { BullMQJobQueue, type BullMQJobQueueOptions } from '../../src/queue/bullmq/index.js';
import type { IndexFile, Solver } from '../../src/solver/solver.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';

/** A run of a job that a scripted solver was given. */
export interface Run {
  worker: string;
  /** Of the image, by which a test knows its jobs. */
  width: number;
  end(): void;
}

/** One process that submits and any number of workers, as if on machines that share a folder and an engine. */
export class Fleet implements AsyncDisposable {
  /** In the order of their starts. */
  readonly runs: Run[] = [];
  readonly jobs: AstroJobs;
  readonly #workers: AstroJobWorker[] = [];

  private constructor(
    private readonly dir: string,
    private readonly queue: BullMQJobQueueOptions,
  ) {
    this.jobs = this.submitter();
  }

  static async open(queue: BullMQJobQueueOptions): Promise<Fleet> {
    const name = `fleet_${randomBytes(4).toString('hex')}`;
    return new Fleet(await mkdtemp(join(tmpdir(), 'fleet-')), { name, sweepSeconds: 0.5, ...queue });
  }

  /** Another process that submits; the caller closes it. */
  submitter(): AstroJobs {
    const store = new FileSystemJobStore({ dir: this.dir });
    return new AstroJobs({ store, queue: new BullMQJobQueue(this.queue) });
  }

  /** A worker whose jobs end as soon as they began, or with `byHand` when the test says so. */
  async work(
    worker: string,
    options: Partial<AstroJobWorkerOptions> & { indexes?: [number, number][]; byHand?: boolean } = {},
  ): Promise<AstroJobWorker> {
    const { indexes = [[1, 2000]], byHand = false, ...rest } = options;
    const files = indexes.map(([lower_arcmin, upper_arcmin]) => ({
      path: 'index',
      lower_arcmin,
      upper_arcmin,
    }));
    const started = new AstroJobWorker({
      store: new FileSystemJobStore({ dir: this.dir }),
      queue: new BullMQJobQueue(this.queue),
      ...{ concurrency: 1, leaseSeconds: 3 },
      ...rest,
      solver: this.#solver(worker, files, byHand),
    });
    this.#workers.push(started);
    await started.start();
    return started;
  }

  /** The widths of the images in the order in which this worker was given them. */
  runsOf(worker: string): number[] {
    return this.runs.filter((run) => run.worker === worker).map(({ width }) => width);
  }

  /** Ends the run of a job that `byHand` keeps going. */
  end(width: number): void {
    this.runs.find((run) => run.width === width)?.end();
  }

  async submit(
    width: number,
    params: Partial<SolveParams> = {},
    options: SubmitOptions = {},
  ): Promise<string> {
    const image = Buffer.concat([Buffer.from(`P5 ${width} 16 255\n`), randomBytes(width * 16)]);
    return (await this.jobs.submit(image, params, { filename: 'sky.pgm', ...options })).job_id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close({ graceSeconds: 0 })));
    await this.jobs.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  #solver(worker: string, indexes: IndexFile[], byHand: boolean): Solver {
    return {
      name: 'scripted',
      inspect: async () => ({ name: 'scripted', available: true, indexes }),
      solve: async ({ image }, { signal }) => {
        await new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          this.runs.push({ worker, width: image.width, end: resolve });
          if (!byHand) resolve();
        });
        const report = { solver: 'scripted', seconds: 0 };
        return { kind: 'failed', code: 'no_solution', message: `Tried by ${worker}`, report, files: {} };
      },
    };
  }
}

/** What it comes to hold; the test's own time limit is the limit. */
export async function until<T>(holds: () => Promise<T | false> | T | false): Promise<T> {
  for (;;) {
    const held = await holds();
    if (held !== false) return held;
    await sleep(30);
  }
}
