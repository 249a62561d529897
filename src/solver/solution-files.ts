import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHeader } from '../fits/header.js';
import { emptyPrimary } from '../fits/write-header.js';
import { tableFits } from '../fits/write-table.js';
import { isWcsKeyword, wcsCards } from '../wcs/cards.js';
import { pixelsToSky, skyToPixels } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import type { StarList } from './star-lists.js';

/** A star of the image that is one of the index: numbers from 0 of both in their lists, and what is known of them. */
export interface Correspondences {
  field_id: number[];
  index_id: number[];
  index_ra: number[];
  index_dec: number[];
  /** Probability that they are one star. */
  match_weight: number[];
}

/**
 * Writes a better solution in place of the one that the engine left in the folder: `solution.wcs` keeps what it says of the
 * run, `solution.corr` keeps its columns.
 */
export async function writeSolution(
  folder: string,
  wcs: Wcs,
  pairs: Correspondences,
  stars: StarList,
  remark: string,
): Promise<void> {
  const wcsPath = join(folder, 'solution.wcs');
  const { cards } = parseHeader(await readFile(wcsPath));
  const kept = cards.filter(({ keyword }) => !isWcsKeyword(keyword));
  const header = [...wcsCards(wcs), ...kept, { keyword: 'HISTORY', value: remark, comment: '' }];
  await Promise.all([
    writeFile(wcsPath, emptyPrimary(header)),
    writeFile(join(folder, 'solution.corr'), corrFits(wcs, pairs, stars)),
  ]);
}

function corrFits(wcs: Wcs, pairs: Correspondences, stars: StarList): Buffer {
  const of = (values: ArrayLike<number>) => Float64Array.from(pairs.field_id, (id) => values[id]!);
  const [x, y] = [of(stars.x), of(stars.y)];
  const sky = pixelsToSky(wcs, x, y);
  const index = skyToPixels(wcs, Float64Array.from(pairs.index_ra), Float64Array.from(pairs.index_dec));
  const degrees = { format: 'D', unit: 'degrees' } as const;
  const pixels = { format: 'D', unit: 'pixels' } as const;
  return tableFits([
    { name: 'field_x', values: x, ...pixels },
    { name: 'field_y', values: y, ...pixels },
    { name: 'field_ra', values: sky.ra_deg, ...degrees },
    { name: 'field_dec', values: sky.dec_deg, ...degrees },
    { name: 'index_x', values: index.x, ...pixels },
    { name: 'index_y', values: index.y, ...pixels },
    { name: 'index_ra', values: pairs.index_ra, ...degrees },
    { name: 'index_dec', values: pairs.index_dec, ...degrees },
    { name: 'index_id', values: pairs.index_id, format: 'J' },
    { name: 'field_id', values: pairs.field_id, format: 'J' },
    { name: 'match_weight', values: pairs.match_weight, format: 'D' },
    { name: 'FLUX', values: of(stars.flux), format: 'E' },
    { name: 'BACKGROUND', values: of(stars.background), format: 'E' },
  ]);
}
