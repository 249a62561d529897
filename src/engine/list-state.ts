import { Field, type StarList } from './field.js';
import { Growth } from './grow.js';
import { partsOf } from './plan.js';
import { type ListSearch, MAX_DEPTH } from './search.js';

/**
 * How many of a list's first stars a match is grown over, and whether a lens may bend it: how deep the true stars go is not known, and
 * few stars cannot tell a bent image from chance. Each is for lists of more than `fewest` stars.
 */
const GROWTHS = [
  { depth: 200, isBent: true, fewest: 48 },
  { depth: 48, isBent: true, fewest: 16 },
  { depth: 16, isBent: true, fewest: 0 },
  { depth: 16, isBent: false, fewest: 0 },
] as const;

/** One list of an image with what its search needs; most searches end before they need all of it. */
export class ListState {
  readonly list: StarList;
  readonly number: number;
  readonly search: ListSearch;
  readonly whole: Int32Array;
  #parts: Int32Array[] | undefined;
  #growths: Growth[] | undefined;

  constructor(list: StarList, number: number, search: ListSearch) {
    this.list = list;
    this.number = number;
    this.search = search;
    this.whole = Int32Array.from({ length: Math.min(MAX_DEPTH, search.field.count) }, (_, i) => i);
  }

  get parts(): readonly Int32Array[] {
    this.#parts ??= partsOf(this.search.field);
    return this.#parts;
  }

  get growths(): readonly Growth[] {
    const { width, height, count } = this.search.field;
    this.#growths ??= GROWTHS.filter(({ fewest }) => count > fewest).map(
      ({ depth, isBent }) => new Growth(new Field(this.list, width, height, depth), isBent),
    );
    return this.#growths;
  }
}
