import { detectStars } from '../stars/detect.js';
import { detectUndrawn } from '../stars/detect-undrawn.js';
import { circleShrink, findImageCircle } from '../stars/image-circle.js';
import { listsOf, type StarList, undrawnListOf, wideListsOf } from '../stars/list.js';
import { shrinksOf } from '../stars/shrink.js';
import type { ImageCircle } from '../wcs/wcs.js';
import type { Pixels } from './pixels.js';

/** The factor by which pictures are shrunk before stars are looked for, where nothing speaks for another. */
const DOWNSAMPLE = 2;

/** The lists of one picture's stars, found in it shrunk by one factor after another; made when they are first asked for. */
export class PictureLists {
  readonly #pixels: Pixels;
  readonly #signal: AbortSignal;
  /** Factors that have not had their turn. */
  readonly #shrinks: number[];
  readonly #made: StarList[] = [];
  readonly #wide: StarList[] = [];
  #hasUndrawn = false;

  constructor(pixels: Pixels, signal: AbortSignal) {
    this.#pixels = pixels;
    this.#signal = signal;
    this.#shrinks = shrinksOf(pixels.width, pixels.height, DOWNSAMPLE);
  }

  /** Those of the usual factor. */
  async usual(): Promise<readonly StarList[]> {
    if (this.#made.length === 0) await this.#addNext();
    return this.#made;
  }

  async all(): Promise<readonly StarList[]> {
    while (this.#shrinks.length > 0) await this.#addNext();
    await this.#addUndrawn();
    return this.#made;
  }

  /** Those for fisheye pictures, of all factors. */
  async wide(): Promise<readonly StarList[]> {
    await this.all();
    return this.#wide;
  }

  /** Where a fisheye picture shows the sky, as far as its pixels tell. */
  circle(): ImageCircle | undefined {
    return findImageCircle(this.#pixels.grey(circleShrink(this.#pixels)));
  }

  /** Of the largest picture that stars are looked for in. */
  async #addUndrawn(): Promise<void> {
    if (this.#hasUndrawn) return;
    this.#hasUndrawn = true;
    const shrink = Math.min(...shrinksOf(this.#pixels.width, this.#pixels.height, DOWNSAMPLE));
    const stars = await detectUndrawn(this.#pixels.grey(shrink), this.#pixels, { signal: this.#signal });
    const list = undrawnListOf(stars, this.#pixels);
    if (list) this.#made.push(list);
  }

  async #addNext(): Promise<void> {
    const shrink = this.#shrinks.shift();
    if (shrink === undefined) return;
    const stars = await detectStars(this.#pixels.grey(shrink), this.#pixels, { signal: this.#signal });
    this.#made.push(...listsOf(stars, this.#pixels));
    this.#wide.push(...wideListsOf(stars, this.#pixels));
  }
}
