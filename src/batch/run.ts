import { setTimeout as sleep } from 'node:timers/promises';
import { anySignal } from '../async/any-signal.js';
import { defaultConcurrency } from '../defaults.js';
import { Estimate } from './estimate.js';
import { FolderChanges } from './folder-changes.js';
import { Intake } from './intake.js';
import type { BatchOptions, BatchProgress, BatchSummary } from './options.js';
import { isSame, type Picture } from './picture.js';
import { ReportFile } from './report/report-file.js';
import type { BatchRow } from './row.js';
import { batchFiles } from './table.js';
import type { BatchJobs } from './take.js';
import { Taker, type TakerContext } from './taker.js';

const SETTLE_SECONDS = 2;
/** A file that still changes after so many times of that is left out, unless the folder is watched. */
const PATIENCE = 15;
/** Changes of a watched folder come in bursts, milliseconds. */
const BURST_MS = 250;
/** While pictures are being solved, new ones are looked for so often, milliseconds. */
const LOOK_EVERY_MS = 10_000;

export interface RunContext extends Omit<BatchOptions, 'output' | 'signal'>, Omit<TakerContext, 'isDone'> {
  /** The folder of the pictures. */
  root: string;
}

interface Ended {
  picture: Picture;
  row: BatchRow | undefined;
  promise: Promise<Ended>;
}

/** What one process does for a folder. */
export class Run {
  readonly #context: RunContext;
  readonly #jobs: BatchJobs;
  readonly #intake: Intake;
  readonly #report: ReportFile;
  readonly #estimate = new Estimate();
  readonly #settleSeconds: number;
  /** Pictures that have had their row in this run: a failed one is tried again once. */
  readonly #fresh = new Set<string>();
  #failed = 0;
  #lookedAt = 0;
  /** Rows of this run that the report has; none until it is written. */
  #published = -1;
  #skipped = 0;

  constructor(jobs: BatchJobs, context: RunContext) {
    const { root, output, table, recursive = false, settleSeconds = SETTLE_SECONDS } = context;
    this.#jobs = jobs;
    this.#context = context;
    this.#settleSeconds = settleSeconds;
    const isDone = (row: BatchRow, picture: Picture) => isSame(row, picture) && this.#isFinal(row);
    this.#intake = new Intake(root, table.rows, { recursive, without: output, settleSeconds, isDone });
    this.#report = new ReportFile(batchFiles(output).report, root);
  }

  async *rows(): AsyncGenerator<BatchRow, BatchSummary, void> {
    const {
      signal,
      root,
      output,
      concurrency = defaultConcurrency(),
      watch,
      recursive = false,
    } = this.#context;
    const ending = new AbortController();
    const stop = anySignal(signal, ending.signal);
    const isDone = (row: BatchRow) => this.#isFinal(row);
    const taker = new Taker(this.#jobs, { ...this.#context, signal: stop, isDone });
    const underWay = new Set<Promise<Ended>>();
    using changes = watch ? new FolderChanges(root, { recursive, without: output }) : undefined;
    try {
      await this.#look();
      this.#countSkipped();
      for (let patience = PATIENCE; ; ) {
        while (underWay.size < concurrency) {
          const picture = this.#intake.take();
          if (!picture) break;
          underWay.add(started(taker, picture));
        }
        if (underWay.size > 0) {
          const { picture, row, promise } = await Promise.race(underWay);
          underWay.delete(promise);
          this.#intake.putBack(picture);
          if (row) {
            this.#settled(row);
            yield row;
          }
          if (changes && performance.now() - this.#lookedAt > LOOK_EVERY_MS) await this.#look();
          continue;
        }
        await this.#look();
        if (this.#intake.hasReady) continue;
        if (this.#intake.unsettled.length > 0 && (changes || patience-- > 0)) {
          await pause(this.#settleSeconds * 500 + BURST_MS, stop);
          continue;
        }
        await this.#publish();
        this.#context.onProgress?.(this.#progress());
        if (!changes) return this.#summary();
        await changes.next(stop);
        await pause(BURST_MS, stop);
      }
    } finally {
      ending.abort(new Error('The batch has ended'));
      await Promise.allSettled(underWay);
      await this.#publish();
    }
  }

  async #look(): Promise<void> {
    await this.#intake.look();
    this.#lookedAt = performance.now();
  }

  /** Brings table and report up to date. */
  async #publish(): Promise<void> {
    const { table } = this.#context;
    if (this.#published === this.#fresh.size && !table.hasOldRows) return;
    await table.tidy();
    await this.#report.write(table.rows);
    this.#published = this.#fresh.size;
  }

  /** Whether a picture that is as it was when it had this row needs no other. */
  #isFinal(row: BatchRow): boolean {
    return row.ok || !this.#context.retryFailed || this.#fresh.has(row.file);
  }

  #countSkipped(): void {
    const { rows } = this.#context.table;
    for (const file of this.#intake.done) {
      this.#skipped += 1;
      if (rows.get(file)?.ok === false) this.#failed += 1;
    }
    this.#context.onProgress?.(this.#progress());
  }

  #settled(row: BatchRow): void {
    this.#fresh.add(row.file);
    if (!row.ok) this.#failed += 1;
    this.#estimate.count();
    this.#report.writeNowAndThen(this.#context.table.rows);
    this.#context.onProgress?.(this.#progress());
  }

  #progress(): BatchProgress {
    const { total, left } = this.#intake;
    const estimate_seconds = this.#estimate.secondsFor(left);
    return {
      total,
      done: total - left,
      failed: this.#failed,
      skipped: this.#skipped,
      ...(estimate_seconds !== undefined && { estimate_seconds }),
    };
  }

  #summary(): BatchSummary {
    return {
      ...this.#progress(),
      unfinished: this.#intake.unsettled,
      files: batchFiles(this.#context.output),
    };
  }
}

/** @throws the reason of `signal` */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function started(taker: Taker, picture: Picture): Promise<Ended> {
  const promise: Promise<Ended> = taker.take(picture).then((row) => ({ picture, row, promise }));
  // Whoever waits for it hears of it; until then it is no unhandled rejection.
  promise.catch(() => {});
  return promise;
}
