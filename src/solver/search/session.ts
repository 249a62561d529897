import type { ScaleHint } from '../../capture/hints.js';
import { RecentMap } from '../../recent-map.js';
import type { SolveRequest } from '../solver.js';

/** Cameras that are remembered at once. */
const MAX_REMEMBERED = 256;
/** How far the scale of one camera moves between two pictures: focus, temperature, the fit itself. */
const MARGIN = 1.03;

/**
 * What was learned from the images solved before: the pixel scale of each camera and lens, as far as size and metadata
 * tell them apart. A zoom that has been turned, or another camera of the same size, makes it wrong; so it is a hint.
 */
export class SessionMemory {
  readonly #scales = new RecentMap<string, number>(MAX_REMEMBERED);

  /** The scale of the last image like this one. */
  recall(request: SolveRequest): ScaleHint[] {
    const scale = this.#scales.get(likeness(request));
    if (scale === undefined) return [];
    return [
      {
        low_arcsec_per_pixel: scale / MARGIN,
        high_arcsec_per_pixel: scale * MARGIN,
        source: 'session',
        reason: 'an image of the same size and lens was solved before',
      },
    ];
  }

  remember(request: SolveRequest, arcsecPerPixel: number): void {
    this.#scales.set(likeness(request), arcsecPerPixel);
  }
}

/** Images with one key came, as far as can be told, from one camera and lens. */
function likeness({ image, hints }: SolveRequest): string {
  const said = hints.scales.map(({ reason, low_arcsec_per_pixel: low }) => [reason, low.toPrecision(4)]);
  return JSON.stringify([image.width, image.height, image.kind, said]);
}
