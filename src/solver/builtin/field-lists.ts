import type { StarList as EngineStars } from '../../engine/field.js';
import { circleShrink, findImageCircle } from '../../stars/image-circle.js';
import { listsOf, type StarList, undrawnListOf, wideListsOf } from '../../stars/list.js';
import { shrinksOf } from '../../stars/shrink.js';
import type { Trail } from '../../stars/trail.js';
import type { ImageCircle } from '../../wcs/wcs.js';
import { detect, givenList } from '../search/star-list.js';
import type { SolveRequest } from '../solver.js';

const SIGMAS = 5;

/**
 * The lists of one image's stars: found in the image shrunk by its usual factor, in a larger and in a smaller one, each spread over the
 * image and by brightness alone; and where the picture is drawn over, without that. They are made when they are first asked for. A list that came as the image itself is the only one.
 */
export class FieldLists {
  readonly #request: SolveRequest;
  /** Factors that have not had their turn. */
  readonly #shrinks: number[];
  readonly #made: StarList[] = [];
  /** By how much the image was shrunk in which each was found. */
  readonly #shrinkOf = new Map<StarList, number>();
  readonly #wide: StarList[] = [];
  /** That of a picture that is drawn over; null as long as it was not looked for. */
  #undrawn: StarList | undefined | null = null;
  readonly #signal: AbortSignal;

  constructor(request: SolveRequest, signal: AbortSignal) {
    this.#request = request;
    this.#signal = signal;
    const { image, params } = request;
    this.#shrinks =
      image.kind === 'source-list' ? [] : shrinksOf(image.width, image.height, params.downsample);
  }

  /** How many stars were found in the way that found most; undefined as long as they were not looked for. */
  get detected(): number | undefined {
    // The ends of lines are no stars that a person sees.
    const seen = this.#made.filter((list) => list !== this.#undrawn);
    return seen.length === 0 ? undefined : Math.max(...seen.map(({ detected }) => detected));
  }

  /** How they are drawn out in the likeliest list. */
  get trail(): Trail | undefined {
    return this.#made[0]?.trail;
  }

  /** Whether they are darker than the sky there. */
  get isNegative(): boolean | undefined {
    return this.#made[0]?.isNegative;
  }

  /** The lists of the usual shrink. */
  usual(): Promise<readonly StarList[]> {
    return this.#made.length > 0 ? Promise.resolve(this.#made) : this.#addNext();
  }

  async all(): Promise<readonly StarList[]> {
    do await this.#addNext();
    while (this.#shrinks.length > 0);
    await this.#addUndrawn();
    return this.#made;
  }

  /** The lists for fisheye images, of the usual shrink. */
  async 'wide-usual'(): Promise<readonly StarList[]> {
    await this.usual();
    return this.#wide.length > 0 ? this.#wide : this.#made;
  }

  /** The same of all shrinks. */
  async wide(): Promise<readonly StarList[]> {
    await this.all();
    return this.#wide.length > 0 ? this.#wide : this.#made;
  }

  /** The lists of the stars as the least shrunk image shows them, where that is less than that of a list. */
  async finerThan(list: StarList): Promise<readonly StarList[]> {
    const finest = Math.min(...this.#shrinks, ...this.#shrinkOf.values());
    if (!(finest < (this.#shrinkOf.get(list) ?? 0))) return [];
    const at = this.#shrinks.indexOf(finest);
    if (at >= 0) await this.#add(this.#shrinks.splice(at, 1)[0]);
    return this.#made.filter((made) => this.#shrinkOf.get(made) === finest);
  }

  /** Where a fisheye image shows the sky, as far as its pixels tell. */
  async circle(): Promise<ImageCircle | undefined> {
    const { image } = this.#request;
    if (image.kind === 'source-list') return undefined;
    return findImageCircle(await image.grey(circleShrink(image), this.#signal));
  }

  async #addNext(): Promise<readonly StarList[]> {
    const { image } = this.#request;
    if (image.kind === 'source-list') {
      if (this.#made.length === 0) this.#made.push(await givenList(image));
      return this.#made;
    }
    await this.#add(this.#shrinks.shift());
    return this.#made;
  }

  /** Where the picture is the least shrunk: there lines are the thinnest. */
  async #addUndrawn(): Promise<void> {
    const { image } = this.#request;
    if (image.kind === 'source-list' || this.#undrawn !== null) return;
    const shrink = Math.min(...this.#shrinkOf.values());
    const stars = await detect(image, { shrink, sigmas: SIGMAS, undrawn: true }, this.#signal);
    this.#undrawn = undrawnListOf(stars, image);
    if (!this.#undrawn) return;
    this.#shrinkOf.set(this.#undrawn, shrink);
    this.#made.push(this.#undrawn);
  }

  async #add(shrink: number | undefined): Promise<void> {
    if (shrink === undefined) return;
    const { image } = this.#request;
    const stars = await detect(image, { shrink, sigmas: SIGMAS }, this.#signal);
    const lists = listsOf(stars, image);
    for (const list of lists) this.#shrinkOf.set(list, shrink);
    this.#made.push(...lists);
    this.#wide.push(...wideListsOf(stars, image));
  }
}

/** Lists as the engine is asked about them. */
export function asAsked(lists: readonly StarList[]): EngineStars[] {
  return lists.map(({ x, y, flux }) => ({ x, y, flux }));
}
