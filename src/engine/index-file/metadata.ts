import { type IndexCoverage, readCoverage } from './coverage.js';
import type { ByteOrder } from './element-type.js';
import { IndexFileError } from './error.js';
import type { Header } from './header.js';

/** What an index file says of itself. */
export interface IndexMetadata extends IndexCoverage {
  /** The number by which astrometry.net names it, 4107 for instance; 0 where it has none. */
  id: number;
  /** How many quads it has. */
  quads: number;
  /** How many stars it has. */
  stars: number;
  /** Order of the bytes of its numbers. */
  byteOrder: ByteOrder;
  /** First coordinates of each code ascend (CXDX); otherwise C, D, … stand in any order. */
  hasSortedCodes: boolean;
  /** The mean of the first coordinates of each code is at most ½ (CXDXLT1); otherwise A and B stand in any order. */
  hasHalvedCodes: boolean;
  /** Standard deviation of its positions, arcseconds; 1 where it does not say, as astrometry.net takes it. */
  jitter_arcsec: number;
  /** How its stars were chosen from the catalogue; what it does not say is absent. */
  cut: {
    /** HEALPix grid that the stars were spread over evenly. */
    nside?: number;
    /** Stars kept in each cell of the grid: the passes of `sweep`. */
    sweeps?: number;
    /** Closer pairs were reduced to their brighter star, arcseconds. */
    dedup_arcsec?: number;
    /** Cells of the grid taken in around the piece. */
    margin?: number;
  };
}

const DEFAULT_JITTER_ARCSEC = 1;

/**
 * @param codes header of the tree of codes.
 * @param stars header of the tree of stars.
 * @throws IndexFileError
 */
export function readMetadata(
  primary: Header,
  codes: Header,
  stars: Header,
  byteOrder: ByteOrder,
): IndexMetadata {
  const coverage = readCoverage(primary);
  if (!codes.flag('CIRCLE'))
    throw new IndexFileError(
      'unsupported',
      'The codes are of an old kind that solve-field refuses too (no CIRCLE)',
    );
  return {
    id: primary.count('INDEXID', Number.MIN_SAFE_INTEGER, 0),
    ...coverage,
    quads: primary.count('NQUADS'),
    stars: primary.count('NSTARS'),
    byteOrder,
    hasSortedCodes: codes.flag('CXDX'),
    hasHalvedCodes: codes.flag('CXDXLT1'),
    jitter_arcsec: positive(stars, 'JITTER') ?? DEFAULT_JITTER_ARCSEC,
    cut: {
      ...optional('nside', positive(stars, 'CUTNSIDE')),
      ...optional('sweeps', positive(stars, 'CUTNSWEP')),
      ...optional('dedup_arcsec', positive(stars, 'CUTDEDUP')),
      ...optional('margin', stars.number('CUTMARG')),
    },
  };
}

function positive(header: Header, keyword: string): number | undefined {
  const value = header.number(keyword);
  return value !== undefined && value > 0 ? value : undefined;
}

function optional<K extends string>(key: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: number });
}
