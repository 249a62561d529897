import type { ScaleHint } from '../../capture/hints.js';
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
  readonly #scales = new Map<string, number>();

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
    const key = likeness(request);
    // Set anew, a key stands last: the first one is the longest unused.
    this.#scales.delete(key);
    this.#scales.set(key, arcsecPerPixel);
    const [oldest] = this.#scales.keys();
    if (this.#scales.size > MAX_REMEMBERED && oldest !== undefined) this.#scales.delete(oldest);
  }
}

/** Images with one key came, as far as can be told, from one camera and lens. */
function likeness({ image, hints }: SolveRequest): string {
  const said = hints.scales.map(({ reason, low_arcsec_per_pixel: low }) => [reason, low.toPrecision(4)]);
  return JSON.stringify([image.width, image.height, image.kind, said]);
}
