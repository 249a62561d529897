export interface FloodCounts {
  acknowledged: number;
  done: number;
  /** Jobs that were not taken in the order in which they were submitted. */
  out_of_order: number;
  handles_before: number;
  most_handles: number;
  /** Mebibytes at the most, above those before. */
  heap_growth_mib: number;
  peak_rss_mib: number;
  submit_seconds: number;
  run_seconds: number;
}

export function flood(options: { dir: string; jobs: number }): Promise<FloodCounts>;
