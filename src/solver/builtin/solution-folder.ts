// biome-ignore-all lint/style/noNonNullAssertion: indices come from the matches of these very lists.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineSolution } from '../../engine/engine.js';
import { emptyPrimary } from '../../fits/write-header.js';
import { sourceListFits, tableFits } from '../../fits/write-table.js';
import { wcsCards } from '../../wcs/cards.js';
import type { Wcs } from '../../wcs/wcs.js';
import { correspondences } from '../refine/correspondences.js';
import { corrFits } from '../refine/solution-files.js';
import type { StarList } from '../search/star-list.js';

/**
 * Writes what solve-field would have left: `solution.wcs`, `.axy`, `.corr`, `.match`.
 * @returns name → path
 */
export async function writeSolutionFiles(
  folder: string,
  wcs: Wcs,
  solution: EngineSolution,
  stars: StarList,
  remark: string,
): Promise<Record<string, string>> {
  const { reference, matches, sigma_px, log_odds, parity } = solution;
  const ids = Int32Array.from(reference.ra_deg, (_, i) => i);
  const pairs = correspondences(wcs, { matches, sigma_px }, stars, reference, ids);
  const one = (name: string, format: 'E' | 'D' | 'J', value: number) => ({ name, format, values: [value] });
  const contents = {
    'solution.wcs': emptyPrimary([...wcsCards(wcs), { keyword: 'HISTORY', value: remark, comment: '' }]),
    'solution.axy': sourceListFits(stars, 'E'),
    'solution.corr': corrFits(wcs, pairs),
    'solution.match': tableFits([
      one('LOGODDS', 'E', log_odds),
      one('NMATCH', 'J', matches.length),
      one('NFIELD', 'J', stars.x.length),
      one('NINDEX', 'J', reference.ra_deg.length),
      // astrometry.net's sense: 1 is a negative determinant of CD.
      one('PARITY', 'J', parity === 1 ? 0 : 1),
    ]),
  };
  const entries = Object.entries(contents).map(([name, bytes]) => [name, join(folder, name), bytes] as const);
  await Promise.all(entries.map(([, path, bytes]) => writeFile(path, bytes)));
  return Object.fromEntries(entries.map(([name, path]) => [name, path]));
}
