import { userScale } from '../search/bounds.js';
import type { Searched } from '../search/refusal.js';
import type { SolveRequest } from '../solver.js';
import type { StarsAtHand } from './stars-at-hand.js';

/** The narrowest field that the packaged stars are for, as messages say it. */
export const NARROWEST_DEG = 0.7;
/** The widest field that is searched for where no scale is given, and that of fisheye lenses. */
const WIDEST_DEG = 140;
const WIDEST_FISHEYE_DEG = 180;

/** Which fields were searched, and what would find narrower ones. */
export function fieldsOf(
  { image, params }: SolveRequest,
  { files }: StarsAtHand,
  isFisheyeTried: boolean,
): Pick<Searched, 'from_deg' | 'to_deg' | 'narrower'> {
  const longer = Math.max(image.width, image.height);
  const widest_deg = isFisheyeTried ? WIDEST_FISHEYE_DEG : WIDEST_DEG;
  const asked = userScale(params, image.width);
  // A fisheye lens spreads angles nearly evenly.
  const width_deg = (scale: number) =>
    isFisheyeTried ? Math.min(widest_deg, (scale * longer) / 3600) : fieldWidth_deg(scale, longer);
  const from_deg = asked ? fieldWidth_deg(asked.low, longer) : NARROWEST_DEG;
  const to_deg = asked ? width_deg(asked.high) : widest_deg;
  const isNarrow = from_deg <= NARROWEST_DEG && files.length === 0;
  return {
    from_deg,
    to_deg,
    ...(isNarrow && { narrower: `Fields narrower than ${NARROWEST_DEG}° need index files.` }),
  };
}

/** What a pinhole camera sees along a side of so many pixels, degrees. */
function fieldWidth_deg(arcsec_per_pixel: number, pixels: number): number {
  return (360 / Math.PI) * Math.atan(((arcsec_per_pixel * pixels) / 2 / 3600) * (Math.PI / 180));
}
