import type { BatchRow } from '../row.js';

/** A pause longer than this breaks a line, milliseconds. */
export const GAP_MS = 30 * 60_000;

/** A row with the instant that it stands at on the axis of time. */
export interface Timed {
  row: BatchRow;
  /** Milliseconds since 1970, as if every recorded time were UTC. */
  at: number;
}

/** When a picture was taken; undefined where that is not known. A time without a zone is shown as it was recorded. */
function instantOf({ datetime }: BatchRow): number | undefined {
  if (datetime === undefined) return undefined;
  const at = Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(datetime) ? datetime : `${datetime}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** Pictures in the order in which they were taken; without those of which that is not known, and without duplicates. */
export function inTime(rows: Iterable<BatchRow>): Timed[] {
  const timed: Timed[] = [];
  for (const row of rows) {
    const at = row.duplicate_of === undefined ? instantOf(row) : undefined;
    if (at !== undefined) timed.push({ row, at });
  }
  return timed.sort((a, b) => a.at - b.at);
}
