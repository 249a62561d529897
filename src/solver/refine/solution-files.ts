import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHeader } from '../../fits/header.js';
import { emptyPrimary } from '../../fits/write-header.js';
import { tableFits } from '../../fits/write-table.js';
import { isWcsKeyword, wcsCards } from '../../wcs/cards.js';
import type { StarPairs } from '../../wcs/fit.js';
import { skyToPixels } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';

/** Stars of the image that are stars of the index. */
export interface Correspondences extends StarPairs {
  /** Where the solution puts the pixels, degrees. */
  field_ra: Float64Array;
  field_dec: Float64Array;
  /** Their numbers, from 0, in the list of the image's stars and in the index. */
  field_id: number[];
  id: number[];
  /** Probability that they are one star. */
  weight: number[];
  flux: number[];
  background: number[];
}

/** Writes a better solution in place of the one that the engine left in the folder; its header keeps what it says of the run. */
export async function writeSolution(
  folder: string,
  wcs: Wcs,
  pairs: Correspondences,
  remark: string,
): Promise<void> {
  const wcsPath = join(folder, 'solution.wcs');
  const { cards } = parseHeader(await readFile(wcsPath));
  const kept = cards.filter(({ keyword }) => !isWcsKeyword(keyword));
  const header = [...wcsCards(wcs), ...kept, { keyword: 'HISTORY', value: remark, comment: '' }];
  await Promise.all([
    writeFile(wcsPath, emptyPrimary(header)),
    writeFile(join(folder, 'solution.corr'), corrFits(wcs, pairs)),
  ]);
}

/** The columns of astrometry.net's own `.corr`. */
export function corrFits(wcs: Wcs, pairs: Correspondences): Buffer {
  const index = skyToPixels(wcs, Float64Array.from(pairs.ra_deg), Float64Array.from(pairs.dec_deg));
  const degrees = { format: 'D', unit: 'degrees' } as const;
  const pixels = { format: 'D', unit: 'pixels' } as const;
  return tableFits([
    { name: 'field_x', values: pairs.x, ...pixels },
    { name: 'field_y', values: pairs.y, ...pixels },
    { name: 'field_ra', values: pairs.field_ra, ...degrees },
    { name: 'field_dec', values: pairs.field_dec, ...degrees },
    { name: 'index_x', values: index.x, ...pixels },
    { name: 'index_y', values: index.y, ...pixels },
    { name: 'index_ra', values: pairs.ra_deg, ...degrees },
    { name: 'index_dec', values: pairs.dec_deg, ...degrees },
    { name: 'index_id', values: pairs.id, format: 'J' },
    { name: 'field_id', values: pairs.field_id, format: 'J' },
    { name: 'match_weight', values: pairs.weight, format: 'D' },
    { name: 'FLUX', values: pairs.flux, format: 'E' },
    { name: 'BACKGROUND', values: pairs.background, format: 'E' },
  ]);
}
