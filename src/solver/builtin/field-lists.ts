import { usualShrink } from '../search/plan.js';
import { detect, givenList, listOf, type StarList } from '../search/star-list.js';
import type { SolveRequest } from '../solver.js';

const SIGMAS = 5;
/** Boxes over which a list is spread evenly: a nebula or a foreground cannot fill it alone. */
const BOXES = 10;
/** An image of fewer pixels along its shorter side has no stars to speak of. */
const SMALLEST_SIDE = 100;
/** A larger image than this is not searched for stars at full size. */
const MAX_PIXELS = 3_500_000;

/**
 * The lists of one image's stars: found in the image shrunk by its usual factor, in a larger and in a smaller one, each spread over the
 * image and by brightness alone. They are made when they are first asked for. A list that came as the image itself is the only one.
 */
export class FieldLists {
  readonly #request: SolveRequest;
  readonly #shrinks: readonly number[];
  readonly #made: StarList[] = [];
  readonly #signal: AbortSignal;

  constructor(request: SolveRequest, signal: AbortSignal) {
    this.#request = request;
    this.#signal = signal;
    this.#shrinks = request.image.kind === 'source-list' ? [] : shrinksOf(request);
  }

  /** How many stars were found in the likeliest way. */
  get detected(): number {
    return this.#made[0]?.detected ?? 0;
  }

  /** The lists of the usual shrink. */
  usual(): Promise<readonly StarList[]> {
    return this.#upTo(1);
  }

  all(): Promise<readonly StarList[]> {
    return this.#upTo(this.#shrinks.length);
  }

  async #upTo(shrinks: number): Promise<readonly StarList[]> {
    const { image } = this.#request;
    if (image.kind === 'source-list') {
      if (this.#made.length === 0) this.#made.push(await givenList(image));
      return this.#made;
    }
    for (const shrink of this.#shrinks.slice(this.#made.length / 2, shrinks)) {
      const stars = await detect(image, { shrink, sigmas: SIGMAS }, this.#signal);
      this.#made.push(listOf(stars, image, BOXES), listOf(stars, image, 0));
    }
    return this.#made;
  }
}

function shrinksOf({ image: { width, height }, params }: SolveRequest): number[] {
  const usual = usualShrink(width, height, params.downsample);
  const others = [usual / 2, usual * 2].filter(
    (shrink) =>
      shrink >= 1 &&
      (width * height) / shrink ** 2 <= MAX_PIXELS &&
      Math.min(width, height) / shrink >= SMALLEST_SIDE,
  );
  return [usual, ...others];
}
