import type { JobResult } from '../job/result.js';
import type { Attempt } from '../job/solve-report.js';
import { attempts, runSeconds, stageSeconds } from '../metrics/process-metrics.js';

/** What one run of a job took, for logs and metrics. */
export class RunTimes {
  readonly #started = performance.now();
  #stage: string | undefined;
  #stageSince = this.#started;

  /** A stage has begun; the one before has ended. */
  stage(stage: string): void {
    if (stage === this.#stage) return;
    this.#endStage();
    this.#stage = stage;
  }

  attempt({ outcome }: Attempt): void {
    attempts.add({ outcome });
  }

  /** The run has ended. Returns its seconds. */
  end(outcome: string, result: JobResult | undefined): { seconds: number; solver: string } {
    this.#endStage();
    const seconds = (performance.now() - this.#started) / 1000;
    const solver = result?.solve?.solver ?? 'none';
    runSeconds.add({ solver, outcome }, seconds);
    return { seconds: Number(seconds.toFixed(3)), solver };
  }

  #endStage(): void {
    const now = performance.now();
    if (this.#stage !== undefined) stageSeconds.add({ stage: this.#stage }, (now - this.#stageSince) / 1000);
    this.#stageSince = now;
  }
}
