import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type JobStatus, nowSeconds } from '../../../src/job/status.js';
import { FileSystemJobStore } from '../../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../../src/store/job-store.js';
import { PostgresJobStore } from '../../../src/store/postgres/index.js';
import { startPostgres } from '../../servers/postgres.js';
import type { TestServer } from '../../servers/process.js';
import { startRedis } from '../../servers/redis.js';
import { readRuns, writeExtractor } from './extractor.js';
import { type Process, start } from './processes.js';

export interface ChaosPlan {
  /** `postgres`: one database for everything; `redis`: BullMQ on Redis, jobs in a shared folder. */
  on: 'postgres' | 'redis';
  scripted: number;
  /** Photographs that the real solver solves, with the scale that it is told; repeated up to `real`. */
  photographs: readonly { path: string; params: object }[];
  real: number;
  leaseSeconds: number;
  /** After the death of its worker a job must be run again within this time, seconds. */
  recoverySeconds: number;
  /** Each submitter's pause between two jobs. */
  submitEveryMs: number;
  workers: number;
  concurrency: number;
  /** Between two misdeeds, seconds. */
  every: number;
  /** Misdeeds in turn, again from the beginning until all jobs were submitted. */
  misdeeds: readonly ('kill' | 'stop' | 'restart')[];
  /** All jobs must have ended so long after the last misdeed, seconds. */
  patience: number;
  say?: (line: string) => void;
}

export interface ChaosReport {
  acknowledged: number;
  done: number;
  /** By `error.code`. */
  failed: Record<string, number>;
  kills: number;
  stops: number;
  restarts: number;
  /** Runs of the script beyond one a job: what the misdeeds cost. */
  runsRepeated: number;
  /** From the death of a worker to the start of its job elsewhere, seconds. */
  recoveries: number[];
  /** What must not be: each in words. */
  violations: string[];
}

/** Submitters, workers and a tormentor that kills, stops and wakes them and restarts the database; then the reckoning. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), 'astro-jobs-chaos-'));
  const server = plan.on === 'postgres' ? await startPostgres() : await startRedis();
  const dir = join(folder, 'jobs');
  const store: JobStore =
    plan.on === 'postgres'
      ? new PostgresJobStore({ connectionString: server.url })
      : new FileSystemJobStore({ dir });
  try {
    return await new Chaos(plan, folder, dir, server, store).run();
  } finally {
    await store.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Submission {
  path: string;
  params: object;
  key: string;
  /** Checksum of a scripted one's image. */
  sum?: string;
}

class Chaos {
  readonly #report: ChaosReport = {
    ...{ acknowledged: 0, done: 0, failed: {}, kills: 0, stops: 0, restarts: 0, runsRepeated: 0 },
    ...{ recoveries: [], violations: [] },
  };
  readonly #submissions = new Map<string, Submission>();
  /** Acknowledged id → key. */
  readonly #acknowledged = new Map<string, string>();
  /** How each job was first seen to have ended. */
  readonly #ends = new Map<string, string>();
  #workers: Process[] = [];
  #extractorBin = '';

  constructor(
    private readonly plan: ChaosPlan,
    private readonly folder: string,
    private readonly dir: string,
    private readonly server: TestServer,
    private readonly store: JobStore,
  ) {}

  async run(): Promise<ChaosReport> {
    const { plan } = this;
    this.#extractorBin = await writeExtractor(this.folder);
    await mkdir(this.#scratchDir);
    await this.#prepare();
    for (let index = 0; index < plan.workers; index += 1) this.#startWorker();
    const submitters = this.#startSubmitters();
    const submitted = Promise.all(submitters.map((submitter) => submitter.exited));
    let submitting = true;
    void submitted.then(() => {
      submitting = false;
    });
    for (let turn = 0; submitting || turn < plan.misdeeds.length; turn += 1) {
      await sleep(plan.every * 1000);
      await this.#misdeed(plan.misdeeds[turn % plan.misdeeds.length]!);
      await this.#observe();
    }
    await submitted;
    const deadline = nowSeconds() + plan.patience;
    while (this.#ends.size < this.#acknowledged.size && nowSeconds() < deadline) {
      await sleep(500);
      await this.#observe();
    }
    for (const worker of this.#workers) worker.signal('SIGTERM');
    await Promise.all(this.#workers.map((worker) => worker.exited));
    await this.#reckon();
    return this.#report;
  }

  get #scratchDir(): string {
    return join(this.folder, 'scratch');
  }

  get #setup() {
    const { leaseSeconds, concurrency, on } = this.plan;
    return {
      ...(on === 'postgres' ? { storeUrl: this.server.url } : { dir: this.dir }),
      ...{ queueUrl: this.server.url, leaseSeconds, concurrency, maxAttempts: 50 },
      ...{ extractorBin: this.#extractorBin, scratchDir: this.#scratchDir },
    };
  }

  async #prepare(): Promise<void> {
    for (let index = 0; index < this.plan.scripted; index += 1) {
      const path = join(this.folder, `sky-${index}.pgm`);
      const bytes = Buffer.concat([Buffer.from('P5 16 16 255\n'), randomBytes(256)]);
      await writeFile(path, bytes);
      const sum = execFileSync('cksum', { input: bytes, encoding: 'utf8' }).split(' ')[0]!;
      const params = { solver: 'external', downsample: 2 + (index % 11) };
      this.#submissions.set(`scripted-${index}`, { path, params, key: `scripted-${index}`, sum });
    }
    for (let index = 0; index < this.plan.real; index += 1) {
      const { path, params } = this.plan.photographs[index % this.plan.photographs.length]!;
      this.#submissions.set(`real-${index}`, { path, params, key: `real-${index}` });
    }
  }

  #startSubmitters(): Process[] {
    const all = [...this.#submissions.values()];
    // Real ones among the scripted ones.
    all.sort((a, b) => a.key.length - b.key.length || (a.key < b.key ? -1 : 1));
    return [0, 1].map((half) => {
      const submissions = all.filter((_, index) => index % 2 === half);
      return start(
        'submitter',
        { ...this.#setup, submissions, pauseMs: this.plan.submitEveryMs },
        {
          line: (line) => {
            const { job_id, key } = JSON.parse(line) as { job_id: string; key: string };
            this.#acknowledged.set(job_id, key);
          },
          complaint: (line) => this.plan.say?.(line),
        },
      );
    });
  }

  #startWorker(): void {
    this.#workers.push(start('worker', this.#setup, { complaint: (line) => this.plan.say?.(line) }));
  }

  async #misdeed(kind: 'kill' | 'stop' | 'restart'): Promise<void> {
    const { plan } = this;
    const victim =
      kind === 'kill'
        ? await this.#busyWorker()
        : this.#workers[Math.floor(Math.random() * this.#workers.length)]!;
    plan.say?.(`${new Date().toISOString()} ${kind} ${kind === 'restart' ? plan.on : victim.pid}`);
    if (kind === 'restart') {
      this.#report.restarts += 1;
      return this.server.restart('immediate', 1000);
    }
    if (kind === 'stop') {
      this.#report.stops += 1;
      victim.signal('SIGSTOP');
      await sleep(plan.leaseSeconds * 1600);
      victim.signal('SIGCONT');
      return;
    }
    const held = (await this.#running()).filter((job) => job.worker?.pid === victim.pid);
    const killedAt = nowSeconds();
    victim.signal('SIGKILL');
    await victim.exited;
    this.#report.kills += 1;
    this.#workers = this.#workers.filter((worker) => worker !== victim);
    this.#startWorker();
    await this.#awaitRecovery(held, killedAt);
  }

  /** One in the middle of a scripted job, if there is one soon. */
  async #busyWorker(): Promise<Process> {
    for (let tries = 0; tries < 100; tries += 1) {
      for (const job of await this.#running()) {
        const busy = this.#workers.find(({ pid }) => pid === job.worker?.pid);
        if (busy && this.#submissions.get(this.#acknowledged.get(job.job_id) ?? '')?.sum !== undefined)
          return busy;
      }
      await sleep(50);
    }
    return this.#workers[0]!;
  }

  /** Jobs of the killed worker that had not ended: when does the script start on each again? */
  async #awaitRecovery(held: readonly JobStatus[], killedAt: number): Promise<void> {
    const limit = this.plan.recoverySeconds;
    for (const job of held) {
      const sum = this.#submissions.get(this.#acknowledged.get(job.job_id) ?? '')?.sum;
      if (sum === undefined) continue;
      for (;;) {
        const again = (await readRuns(this.#extractorBin)).find(
          (run) => run.sum === sum && run.startedAt > killedAt,
        );
        if (again) {
          const seconds = again.startedAt - killedAt;
          this.#report.recoveries.push(seconds);
          if (seconds > limit)
            this.#violation(`${job.job_id} ran again only ${seconds.toFixed(1)} s after its worker's death`);
          break;
        }
        const now = await this.store.get(job.job_id);
        if (
          now &&
          isSettled(now.status) &&
          now.status.worker === undefined &&
          now.status.finished_at! < killedAt + 0.5
        )
          break;
        if (nowSeconds() - killedAt > limit * 3) {
          this.#violation(`${job.job_id} did not run again within ${limit * 3} s of its worker's death`);
          break;
        }
        await sleep(50);
      }
    }
  }

  async #running(): Promise<JobStatus[]> {
    return (await this.store.list({ states: ['processing'], limit: 100 })).jobs;
  }

  /** Whoever has ended stays as it ended. */
  async #observe(): Promise<void> {
    let after: string | undefined;
    do {
      const page = await this.store.list({ states: ['done', 'error'], limit: 500, after });
      for (const { job_id, state, finished_at } of page.jobs) {
        const end = `${state} at ${finished_at}`;
        const before = this.#ends.get(job_id) ?? end;
        if (before !== end) this.#violation(`${job_id} ended twice: ${before}, then ${end}`);
        this.#ends.set(job_id, end);
      }
      after = page.next;
    } while (after !== undefined);
  }

  async #reckon(): Promise<void> {
    const report = this.#report;
    report.acknowledged = this.#acknowledged.size;
    if (report.acknowledged !== this.#submissions.size) {
      this.#violation(`${report.acknowledged} of ${this.#submissions.size} submissions were acknowledged`);
    }
    for (const [id, key] of this.#acknowledged) await this.#reckonJob(id, this.#submissions.get(key)!);
    const runs = (await readRuns(this.#extractorBin)).length;
    report.runsRepeated = runs - this.plan.scripted;
    const left = await readdir(this.#scratchDir);
    if (left.length > 0) this.#violation(`${left.length} scratch folders are left: ${left[0]}`);
  }

  async #reckonJob(id: string, { sum, key }: Submission): Promise<void> {
    const status = (await this.store.get(id))?.status;
    if (!status || !isSettled(status)) return this.#violation(`${key} (${id}) is ${status?.state ?? 'gone'}`);
    if (status.state === 'error') {
      const code = status.error?.code ?? '?';
      this.#report.failed[code] = (this.#report.failed[code] ?? 0) + 1;
      return this.#violation(`${key} (${id}) failed: ${status.message}`);
    }
    this.#report.done += 1;
    if (sum === undefined) return;
    const { capture } = (await this.store.result(id)) as { capture: { object: string; observer: string } };
    if (capture.object !== sum) this.#violation(`${key} (${id}) has the result of another image`);
    const startedAt = Number(capture.observer) / 1e9;
    // The attempt that settled the job was claimed at `started_at`: a run from before that is one whose lease was lost.
    if (startedAt < (status.started_at ?? 0))
      this.#violation(`${key} (${id}) has the result of a stale attempt`);
  }

  #violation(what: string): void {
    this.#report.violations.push(what);
    this.plan.say?.(`VIOLATION ${what}`);
  }
}
