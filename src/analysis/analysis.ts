import type { OutcomeFile } from '../job/outcome-file.js';
import type { SolveParams } from '../job/param-table.js';
import type { JobResult } from '../job/result.js';
import type { Attempt } from '../job/solve-report.js';
import type { Progress } from '../job/status.js';
import type { WrittenExport } from '../job/written-exports.js';

/** What surrounds the analysis of one image. */
export interface AnalysisContext {
  /** The name that the result carries. */
  filename: string;
  /** Whose image it is: nothing is remembered from one owner to another. */
  owner?: string | undefined;
  /** Files to be made of the image when it is solved. */
  exports?: readonly WrittenExport[] | undefined;
  /** A private, empty folder; the caller removes it after the outcome is kept. */
  scratch: string;
  signal: AbortSignal;
  log(text: string): void;
  onProgress(progress: Progress): void;
  onAttempt?(attempt: Attempt): void;
}

/** The result document, and files that are worth keeping: name in `output/` → its bytes, or its path, most of those in scratch. */
export interface AnalysisOutcome {
  result: JobResult;
  files: Readonly<Record<string, OutcomeFile>>;
}

/**
 * The pipeline: image → capture → hints → stars → plate solution → objects → result document. Resolves with a result for
 * everything that can happen to an image, cancellation (an `AstroJobsError` as the signal's reason) and timeout included,
 * and keeps what was learned until then. Rejects only with another reason of the signal.
 */
export type Analyze = (
  path: string,
  params: SolveParams,
  context: AnalysisContext,
) => Promise<AnalysisOutcome>;
