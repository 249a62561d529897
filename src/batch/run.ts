import { defaultConcurrency } from '../defaults.js';
import { Estimate } from './estimate.js';
import { Intake } from './intake.js';
import type { BatchOptions, BatchProgress, BatchSummary } from './options.js';
import { pause, untilChanged } from './pause.js';
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

export interface RunContext extends BatchOptions, Omit<TakerContext, 'signal' | 'isDone'> {
  /** The folder of the pictures. */
  root: string;
  signal: AbortSignal;
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
    const { signal, concurrency = defaultConcurrency(), watch = false, recursive = false, table } = this.#context;
    const ending = new AbortController();
    const stop = AbortSignal.any([signal, ending.signal]);
    const taker = new Taker(this.#jobs, { ...this.#context, signal: stop, isDone: (row) => this.#isFinal(row) });
    const underWay = new Set<Promise<Ended>>();
    let lookedAt = performance.now();
    const look = async () => {
      await this.#intake.look();
      lookedAt = performance.now();
    };
    try {
      await look();
      this.#count();
      for (let patience = PATIENCE; ; ) {
        for (let next: Picture | undefined; underWay.size < concurrency; ) {
          next = this.#intake.take();
          if (!next) break;
          underWay.add(started(taker, next));
        }
        if (underWay.size > 0) {
          const { picture, row, promise } = await Promise.race(underWay);
          underWay.delete(promise);
          this.#intake.putBack(picture);
          if (row) {
            this.#settled(row);
            yield row;
          }
          if (watch && performance.now() - lookedAt > LOOK_EVERY_MS) await look();
          continue;
        }
        await look();
        if (this.#intake.hasReady) continue;
        if (this.#intake.unsettled.length > 0 && (watch || patience-- > 0)) {
          await pause(this.#settleSeconds * 500 + BURST_MS, stop);
          await look();
          continue;
        }
        await table.tidy();
        await this.#report.write(table.rows);
        this.#context.onProgress?.(this.#progress());
        if (!watch) return this.#summary();
        await untilChanged(this.#context.root, recursive, stop);
        await pause(BURST_MS, stop);
      }
    } finally {
      ending.abort(new Error('The batch has ended'));
      await Promise.allSettled(underWay);
      await table.tidy();
      await this.#report.write(table.rows);
    }
  }

  /** Whether a picture that is as it was when it had this row needs no other. */
  #isFinal(row: BatchRow): boolean {
    return row.ok || !this.#context.retryFailed || this.#fresh.has(row.file);
  }

  #count(): void {
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
    return { ...this.#progress(), unfinished: this.#intake.unsettled, files: batchFiles(this.#context.output) };
  }
}

function started(taker: Taker, picture: Picture): Promise<Ended> {
  const promise: Promise<Ended> = taker.take(picture).then((row) => ({ picture, row, promise }));
  // Whoever waits for it hears of it; until then it is no unhandled rejection.
  promise.catch(() => {});
  return promise;
}
