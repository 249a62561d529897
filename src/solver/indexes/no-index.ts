import type { SolveParams } from '../../job/param-table.js';
import { userScale } from '../search/bounds.js';
import type { IndexFile } from '../solver.js';
import { fieldOfQuads } from './coverage.js';

/** What to say when the caller's bounds leave no index file: which fields there are indexes for, and what would help. */
export function noIndexMessage(
  indexes: readonly IndexFile[],
  params: SolveParams,
  image: { width: number; height: number },
): string {
  if (indexes.length === 0) {
    return 'No index files are installed; install some (Debian, Ubuntu: apt-get install astrometry-data-tycho2), or name their folders in ASTRO_INDEX_DIRS';
  }
  const covered = fieldOfQuads(
    {
      lower_arcmin: Math.min(...indexes.map((index) => index.lower_arcmin)),
      upper_arcmin: Math.max(...indexes.map((index) => index.upper_arcmin)),
    },
    image,
  );
  const scale = userScale(params, image.width);
  const asked =
    scale &&
    `${degrees((scale.low * image.width) / 3600)} to ${degrees((scale.high * image.width) / 3600)} wide`;
  const narrower = scale !== undefined && (scale.high * image.width) / 3600 < covered.low_deg;
  const advice = narrower
    ? 'install indexes of smaller fields (the 5200 or 4100 series of data.astrometry.net, or astrometry-data-2mass) and name their folder in ASTRO_INDEX_DIRS'
    : 'install indexes of larger fields (astrometry-data-tycho2), or check the scale';
  return `No index file covers a field ${asked}; those installed cover images from ${degrees(covered.low_deg)} to ${degrees(covered.high_deg)} wide: ${advice}`;
}

function degrees(value: number): string {
  return `${Number(value.toPrecision(2))}°`;
}
