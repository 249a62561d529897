import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseHeader } from '../fits/header.js';
import { readTable } from '../fits/table.js';
import type { Astrometry } from '../job/result.js';
import { parseWcs } from '../wcs/parse.js';
import { separation } from '../wcs/sphere.js';
import type { Wcs } from '../wcs/wcs.js';
import type { InstalledIndex } from './indexes.js';

/** What one successful run left in its folder. */
export interface Solution {
  wcs: Wcs;
  /** Pairs of a star in the image and one of the index. */
  matched: number;
  quality: NonNullable<Astrometry['quality']>;
  /** The index file whose quad found it. */
  index?: InstalledIndex;
}

/** The solver's files that are worth keeping, by the ends of their names. */
export const SOLUTION_FILES = ['wcs', 'corr', 'match', 'axy'] as const;

/** Reads `.wcs`, `.corr` and `.match`; printed text is never asked. */
export async function readSolution(folder: string, indexes: readonly InstalledIndex[]): Promise<Solution> {
  const [header, corr, match] = await Promise.all(
    ['wcs', 'corr', 'match'].map((extension) => readFile(join(folder, `solution.${extension}`))),
  );
  const [pairs, quad] = await Promise.all([readTable(corr!), readTable(match!)]);
  const [fieldRa, fieldDec, indexRa, indexDec] = ['FIELD_RA', 'FIELD_DEC', 'INDEX_RA', 'INDEX_DEC'].map(
    (name) => pairs.column(name),
  );
  const residuals = Array.from(
    fieldRa!,
    (ra, i) => 3600 * separation(ra, fieldDec![i]!, indexRa![i]!, indexDec![i]!),
  );
  const logOdds = quad.column('LOGODDS')[0];
  const id = quad.column('INDEXID')[0];
  const index = indexes.find((candidate) => candidate.id === id);
  return {
    wcs: parseWcs(parseHeader(header!)),
    ...(index && { index }),
    matched: residuals.length,
    quality: {
      ...(residuals.length > 0 && {
        rms_arcsec: Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length),
        max_arcsec: Math.max(...residuals),
      }),
      ...(logOdds !== undefined && { log_odds: logOdds }),
      ...(index && { index: basename(index.path) }),
    },
  };
}
