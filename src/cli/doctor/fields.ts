import { type Coverage, coverageOf } from '../../solver/indexes/coverage.js';
import type { IndexFile } from '../../solver/solver.js';

const SERIES_BEGIN_ARCMIN = 2;

/** Smallest quads, arcminutes, of the series of index files that astrometry.net offers, and how it names them. */
const SERIES: readonly (readonly [number, string])[] = [
  [SERIES_BEGIN_ARCMIN, 'index-5200'],
  [2.8, 'index-5201'],
  [4, 'index-5202'],
  [5.6, 'index-5203'],
  [8, 'index-5204'],
  [11, 'index-5205'],
  [16, 'index-5206'],
  [22, 'index-4107'],
  [30, 'index-4108'],
  [42, 'index-4109'],
  [60, 'index-4110'],
  [85, 'index-4111'],
  [120, 'index-4112'],
  [170, 'index-4113'],
  [240, 'index-4114'],
  [340, 'index-4115'],
  [480, 'index-4116'],
  [680, 'index-4117'],
  [1000, 'index-4118'],
  [1400, 'index-4119'],
];
const SERIES_END_ARCMIN = 2000;
const WIDEST_DEG = 180;

export interface Fields {
  /** Widths of image, degrees, that the index files can solve. */
  covered: { low_deg: number; high_deg: number }[];
  /** Widths that they cannot, and the public index files that would. */
  gaps: { low_deg: number; high_deg: number; index_files: string[] }[];
}

function publicFiles(low_deg: number, high_deg: number): string[] {
  return SERIES.filter(([smallest], position) => {
    const largest = SERIES[position + 1]?.[0] ?? SERIES_END_ARCMIN;
    return smallest / 60 < high_deg && largest / 60 > low_deg;
  }).map(([, name]) => name);
}

const rounded = (degrees: number) => Number(degrees.toPrecision(3));

/** Which image widths index files can solve and which not, from those that any public index file can solve. */
export function fieldsOf(indexes: readonly IndexFile[]): Fields {
  const covered: Coverage = coverageOf(indexes);
  const edges = [...covered, { low_deg: WIDEST_DEG, high_deg: WIDEST_DEG }];
  let from = SERIES_BEGIN_ARCMIN / 60;
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
