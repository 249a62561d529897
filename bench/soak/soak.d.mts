export interface SoakOptions {
  /** How long the chaos lasts. */
  seconds: number;
  /** Jobs for the scripted solver. */
  jobs: number;
  /** Jobs for the real one. */
  real: number;
  /** @default 3 */
  workers?: number;
  /** @default 2 */
  leaseSeconds?: number;
  realImage?: string;
  /** Between two deeds of the chaos, at least and at most. @default [0.5, 3] */
  pauseSeconds?: [number, number];
  /** Patience after the chaos. @default 900 */
  settleSeconds?: number;
  onProgress?(counts: Record<string, number>): void;
}

export interface SoakCounts {
  submitted: number;
  /** Submits that the full disk refused, and that were tried again. */
  refused: number;
  kills: number;
  stops: number;
  fills: number;
  /** Whether the disk could be filled. */
  disk_filled: boolean;
  done: number;
  error: number;
  /** Reasons of those in error. */
  errors: Record<string, number>;
  unsettled: number;
  lost: number;
  wrong_result: number;
  left_in_queue: number;
  left_in_scratch: number;
  left_processes: number;
}

export function soak(options: SoakOptions): Promise<SoakCounts>;
