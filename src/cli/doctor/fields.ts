import { type Coverage, coverageOf } from '../../solver/indexes/coverage.js';
import { INDEX_SERIES, seriesName } from '../../solver/indexes/series.js';
import type { IndexFile } from '../../solver/solver.js';

/** The smallest quads of any public index file. */
const SMALLEST_ARCMIN = Math.min(...INDEX_SERIES.map(({ lower_arcmin }) => lower_arcmin));
const WIDEST_DEG = 180;

export interface Fields {
  /** Widths of image, degrees, that the index files can solve. */
  covered: { low_deg: number; high_deg: number }[];
  /** Widths that they cannot, and the public index files that would. */
  gaps: { low_deg: number; high_deg: number; index_files: string[] }[];
}

function publicFiles(low_deg: number, high_deg: number): string[] {
  return INDEX_SERIES.filter(
    ({ lower_arcmin, upper_arcmin }) => lower_arcmin / 60 < high_deg && upper_arcmin / 60 > low_deg,
  ).map(seriesName);
}

const rounded = (degrees: number) => Number(degrees.toPrecision(3));

/** Which image widths index files can solve and which not, from those that any public index file can solve. */
export function fieldsOf(indexes: readonly IndexFile[]): Fields {
  const covered: Coverage = coverageOf(indexes);
  const edges = [...covered, { low_deg: WIDEST_DEG, high_deg: WIDEST_DEG }];
  let from = SMALLEST_ARCMIN / 60;
  const gaps: Fields['gaps'] = [];
  for (const { low_deg, high_deg } of edges) {
    if (low_deg > from) {
      const index_files = publicFiles(from, low_deg);
      if (index_files.length > 0)
        gaps.push({ low_deg: rounded(from), high_deg: rounded(low_deg), index_files });
    }
    from = Math.max(from, high_deg);
  }
  return {
    covered: covered.map(({ low_deg, high_deg }) => ({
      low_deg: rounded(low_deg),
      high_deg: rounded(Math.min(high_deg, WIDEST_DEG)),
    })),
    gaps,
  };
}
