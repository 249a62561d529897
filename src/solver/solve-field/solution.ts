// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseHeader } from '../../fits/header.js';
import { type FitsTable, readTable } from '../../fits/table.js';
import type { Astrometry } from '../../job/astrometry.js';
import type { StarPairs } from '../../wcs/fit.js';
import { parseWcs } from '../../wcs/parse.js';
import { DEG, normalizeRa } from '../../wcs/sphere.js';
import type { Wcs } from '../../wcs/wcs.js';
import type { InstalledIndex } from '../indexes/installed.js';
import { residuals } from '../refine/residuals.js';

/** What one successful run left in its folder. */
export interface Solution {
  wcs: Wcs;
  /** Of the solver, as its header says. */
  version?: string;
  /** The stars of the quad that found it; absent when a solution was only verified. */
  quad?: StarPairs;
  /** Pairs of a star in the image and one of the index, which goes by `id`. */
  pairs: StarPairs & { id: ArrayLike<number> };
  matched: number;
  quality: NonNullable<Astrometry['quality']>;
  /** The index file whose quad found it. */
  index?: InstalledIndex;
}

/** The solver's files that are worth keeping, by the ends of their names. */
export const SOLUTION_FILES = ['wcs', 'corr', 'match', 'axy'] as const;

/** Reads `.wcs`, `.corr` and `.match`; printed text is never asked. Of a solver that writes less, less is known. */
export async function readSolution(folder: string, indexes: readonly InstalledIndex[]): Promise<Solution> {
  const file = (extension: string) => join(folder, `solution.${extension}`);
  const table = (extension: string) =>
    readFile(file(extension)).then(
      (bytes) => readTable(bytes),
      () => undefined,
    );
  const [header, corr, match] = await Promise.all([readFile(file('wcs')), table('corr'), table('match')]);
  const pairs = {
    x: numbers(corr, 'FIELD_X'),
    y: numbers(corr, 'FIELD_Y'),
    ra_deg: numbers(corr, 'INDEX_RA'),
    dec_deg: numbers(corr, 'INDEX_DEC'),
    id: numbers(corr, 'INDEX_ID'),
  };
  const quad = match && quadStars(match);
  const [logOdds] = numbers(match, 'LOGODDS');
  const [indexId] = numbers(match, 'INDEXID');
  const index = indexes.find((candidate) => candidate.id === indexId);
  const cards = parseHeader(header);
  const version = cards.history.map((line) => /^Git revision (\d\S*)/.exec(line)?.[1]).find(Boolean);
  return {
    wcs: parseWcs(cards),
    ...(version && { version }),
    ...(index && { index }),
    ...(quad && { quad }),
    pairs,
    matched: pairs.ra_deg.length,
    quality: {
      ...residuals({ ra_deg: numbers(corr, 'FIELD_RA'), dec_deg: numbers(corr, 'FIELD_DEC') }, pairs),
      ...(logOdds !== undefined && { log_odds: logOdds }),
      ...(index && { index: basename(index.path) }),
    },
  };
}

/** A column of a table; empty where there is none. */
function numbers(table: FitsTable | undefined, column: string): Float64Array {
  return table?.has(column) ? table.column(column) : new Float64Array();
}

/** The quad of a `.match` row: DIMQUADS stars by QUADPIX (pixels, two each) and QUADXYZ (unit vectors, three each). */
function quadStars(match: FitsTable): StarPairs | undefined {
  const [size = 0] = numbers(match, 'DIMQUADS');
  const [pixels, vectors] = [numbers(match, 'QUADPIX'), numbers(match, 'QUADXYZ')];
  const quad = { x: [] as number[], y: [] as number[], ra_deg: [] as number[], dec_deg: [] as number[] };
  for (let star = 0; star < size; star++) {
    const [x, y, z] = vectors.subarray(3 * star, 3 * star + 3);
    if (!x && !y && !z) return undefined;
    quad.x.push(pixels[2 * star]!);
    quad.y.push(pixels[2 * star + 1]!);
    quad.ra_deg.push(normalizeRa(Math.atan2(y!, x!) * DEG));
    quad.dec_deg.push(Math.atan2(z!, Math.hypot(x!, y!)) * DEG);
  }
  return size > 0 ? quad : undefined;
}
