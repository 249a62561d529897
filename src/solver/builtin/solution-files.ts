import type { MatchedStar, SolveSuccess } from '../../engine/question.js';
import { emptyPrimary } from '../../fits/write-header.js';
import { sourceListFits, tableFits } from '../../fits/write-table.js';
import type { StarList } from '../../stars/list.js';
import { wcsCards } from '../../wcs/cards.js';
import { skyToPixels } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';
import { correspondences } from '../refine/correspondences.js';
import { corrFits } from '../refine/solution-files.js';

/** The matched stars' places on the sky, in columns. */
export function placesOf(matches: readonly MatchedStar[]): { ra_deg: Float64Array; dec_deg: Float64Array } {
  return {
    ra_deg: Float64Array.from(matches, ({ ra_deg }) => ra_deg),
    dec_deg: Float64Array.from(matches, ({ dec_deg }) => dec_deg),
  };
}

/**
 * What solve-field would have left: `solution.wcs`, `.axy`, `.corr`, `.match`.
 * @returns name → bytes
 */
export function solutionFiles(
  wcs: Wcs,
  { matches, sigma_px, log_odds, parity }: SolveSuccess,
  stars: StarList,
  remark: string,
): Record<string, Uint8Array> {
  const places = placesOf(matches);
  const predicted = skyToPixels(wcs, places.ra_deg, places.dec_deg);
  const pairs = correspondences(
    wcs,
    {
      matches: matches.map(({ star, x, y }, i) => ({
        field: star,
        reference: i,
        distance: Math.hypot(x - (predicted.x[i] ?? x), y - (predicted.y[i] ?? y)),
      })),
      sigma_px,
    },
    stars,
    places,
    matches.map(({ id }) => id),
  );
  const one = (name: string, format: 'E' | 'D' | 'J', value: number) => ({ name, format, values: [value] });
  return {
    'solution.wcs': emptyPrimary([...wcsCards(wcs), { keyword: 'HISTORY', value: remark, comment: '' }]),
    'solution.axy': sourceListFits(stars, 'E'),
    'solution.corr': corrFits(wcs, pairs),
    'solution.match': tableFits([
      one('LOGODDS', 'E', log_odds),
      one('NMATCH', 'J', matches.length),
      one('NFIELD', 'J', stars.x.length),
      // astrometry.net's sense: 1 is a positive determinant of CD.
      one('PARITY', 'J', parity === 1 ? 1 : 0),
    ]),
  };
}
