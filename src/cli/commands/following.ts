import type { AstroJobs } from '../../astro-jobs.js';
import { EXIT } from '../failure.js';
import { printDocument } from '../print.js';
import { progressDisplay } from '../progress.js';

/** Shows the job's progress until it has ended; rejects with the signal's reason. */
export async function follow(jobs: AstroJobs, id: string, signal: AbortSignal): Promise<void> {
  const display = progressDisplay();
  try {
    for await (const status of jobs.watch(id, { signal })) display.show(status);
    signal.throwIfAborted();
  } finally {
    display.end();
  }
}

/** Prints the result; 0 when the image was solved, 1 when not. */
export async function conclude(jobs: AstroJobs, id: string): Promise<number> {
  const result = await jobs.result(id);
  printDocument(result);
  return result.ok ? EXIT.ok : EXIT.failed;
}
