// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../wcs/sphere.js';
import { Camera } from './camera.js';
import type { Candidate, SearchBounds, SearchCounts, Tolerance } from './candidate.js';
import { Field, type StarList } from './field.js';
import { LocalCheck, type Precision } from './local-check.js';
import { PairChords, QuadCode } from './quad-code.js';
import { SizedQuadCode } from './sized-quad-code.js';
import { QuadHits, type StarIndex } from './star-index.js';
import { directionsIn, type View } from './views.js';

export type Outcome = 'accepted' | 'stopped' | 'exhausted';

/** Stars that are compared with the catalogue's. */
const MAX_COMPARED = 200;
/** Most stars of which quads are made. */
export const MAX_DEPTH = 34;
/** A quad shorter than this, pixels, has no shape to speak of. */
const MIN_LENGTH = 10;
/** Error of a code's number for each pixel by which a star is off, in lengths of AB. */
const CODE_ERROR = 0.8;
/** Lenses hardly bend quads shorter than this, radians, and index files hold millions of them: their codes differ by no more than this. */
const NARROW_RAD = 0.8 * RAD;
const NARROW_CODE = 0.0025;
/** Trials between two looks at the clock. */
const TRIALS_BETWEEN = 256;
/** Stars of a quad in the order in which they are looked up: the more there are, the fewer agree by chance. */
const QUAD_SIZES = [5, 4, 3] as const;
const MOST_STARS = 5;

/** Looks for the quads of one list of stars in the indexes. */
export class ListSearch {
  readonly field: Field;
  readonly #views: readonly View[];
  readonly #bounds: SearchBounds;
  readonly #counts: SearchCounts;
  readonly #sigma_px: number;
  /** Half the image's diagonal, pixels. */
  readonly #half: number;
  readonly #camera: Camera;
  readonly #check: LocalCheck;
  readonly #four = new QuadCode();
  readonly #hits = new QuadHits();
  /** Numbers in the subset of the stars that are looked up, ascending. */
  readonly #chosen = new Int32Array(MOST_STARS);
  readonly #mirrored = new Float64Array(2 * (MOST_STARS - 2));
  /** The quad's stars in the field and in the index. */
  #members = new Int32Array(4);
  #stars = new Int32Array(4);
  readonly #directions = new Float64Array(3 * MOST_STARS);
  readonly #middle = new Float64Array(3);
  readonly #vectors: Float64Array[];
  readonly #chords: PairChords[];
  readonly #precision: Precision;
  #subset: ArrayLike<number> = [];
  readonly #cosRadius: number;
  #isPlaced = false;
  #sinceLook = 0;

  constructor(
    list: StarList,
    width: number,
    height: number,
    sigma_px: number,
    views: readonly View[],
    bounds: SearchBounds,
    counts: SearchCounts,
  ) {
    this.field = new Field(list, width, height, MAX_COMPARED);
    this.#views = views;
    this.#bounds = bounds;
    this.#counts = counts;
    this.#cosRadius = Math.cos(bounds.radius ?? Math.PI);
    this.#sigma_px = sigma_px;
    this.#half = Math.hypot(width, height) / 2;
    this.#camera = new Camera(width, height);
    this.#check = new LocalCheck(this.field);
    this.#vectors = views.map(() => new Float64Array(3 * MAX_DEPTH));
    this.#chords = views.map(() => new PairChords(MAX_DEPTH));
    this.#precision = { sigma_px, bending: 0 };
  }

  /** Makes the next quads of these stars of the field, at most `MAX_DEPTH` of them. */
  use(subset: ArrayLike<number>): void {
    if (subset === this.#subset) return;
    this.#subset = subset;
    const { x, y } = this.field;
    for (const [i, view] of this.#views.entries()) {
      directionsIn(view, x, y, subset, this.#camera.cx, this.#camera.cy, this.#vectors[i]!);
      this.#chords[i]!.clear();
    }
  }

  /**
   * Looks up all quads whose last star is one of `from` … `to` − 1 of the subset.
   * @param accept is asked about each candidate; true ends the search
   * @param shouldStop is asked from time to time; true ends the search
   */
  run(
    indexes: readonly StarIndex[],
    from: number,
    to: number,
    tolerance: Tolerance,
    accept: (candidate: Candidate) => boolean,
    shouldStop: () => boolean,
  ): Outcome {
    this.#precision.bending = tolerance.bending;
    const bySize = QUAD_SIZES.map((size) => indexes.filter(({ starsPerQuad }) => starsPerQuad === size));
    const chosen = this.#chosen;
    const end = Math.min(to, this.#subset.length);
    for (let last = Math.max(3, from); last < end; last++) {
      for (const [i, chords] of this.#chords.entries()) chords.measure(this.#vectors[i]!, last + 1);
      for (const [i, size] of QUAD_SIZES.entries()) {
        if (bySize[i]!.length === 0 || last < size - 1) continue;
        const quad = this.#begin(size);
        for (let m = 0; m < size; m++) chosen[m] = m;
        chosen[size - 1] = last;
        do {
          if (this.#sinceLook >= TRIALS_BETWEEN) {
            this.#sinceLook = 0;
            if (shouldStop()) return 'stopped';
          }
          if (this.#lookUp(bySize[i]!, quad, tolerance, accept)) return 'accepted';
        } while (advance(chosen, size - 1));
      }
    }
    return 'exhausted';
  }

  /** Prepares for quads of a number of stars. */
  #begin(size: StarIndex['starsPerQuad']): QuadCode | SizedQuadCode {
    if (this.#members.length !== size) {
      this.#members = new Int32Array(size);
      this.#stars = new Int32Array(size);
    }
    return size === 4 ? this.#four : new SizedQuadCode(size);
  }

  #lookUp(
    indexes: readonly StarIndex[],
    quad: QuadCode | SizedQuadCode,
    tolerance: Tolerance,
    accept: (candidate: Candidate) => boolean,
  ): boolean {
    const { x, y } = this.field;
    this.#isPlaced = false;
    for (let v = 0; v < this.#views.length; v++) {
      const view = this.#views[v]!;
      if (this.#half < tolerance.leastTangent * view.least) continue;
      if (!quad.nameAmong(this.#chords[v]!, this.#chosen)) continue;
      const angle = 2 * Math.asin(Math.sqrt(quad.chord2) / 2);
      const [a, b] = [this.#subset[quad.members[0]!]!, this.#subset[quad.members[1]!]!];
      const length = Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!);
      if (length < MIN_LENGTH) return false;
      const least = (angle * view.focal) / view.most;
      const most = (angle * view.focal) / view.least;
      const misplaced = (CODE_ERROR * this.#sigma_px) / length;
      quad.reckon(this.#vectors[v]!);
      for (const index of indexes) {
        if (index.longest_rad < least || index.shortest_rad > most) continue;
        if (index.shortest_rad < tolerance.shortest_rad) continue;
        const code = index.longest_rad < NARROW_RAD ? Math.min(tolerance.code, NARROW_CODE) : tolerance.code;
        const { parity } = this.#bounds;
        if (parity !== -1 && this.#inIndex(index, quad, view, 1, length, code + misplaced, accept))
          return true;
        if (parity !== 1 && this.#inIndex(index, quad, view, -1, length, code + misplaced, accept))
          return true;
      }
    }
    return false;
  }

  #inIndex(
    index: StarIndex,
    { code, members }: QuadCode | SizedQuadCode,
    view: View,
    parity: 1 | -1,
    length: number,
    tolerance: number,
    accept: (candidate: Candidate) => boolean,
  ): boolean {
    const mirrored = this.#mirrored;
    const size = members.length;
    for (let i = 0; i < code.length; i += 2) {
      mirrored[i] = code[i]!;
      mirrored[i + 1] = parity * code[i + 1]!;
    }
    this.#counts.trials++;
    this.#sinceLook++;
    const hits = this.#hits;
    index.find(mirrored, tolerance, hits);
    if (hits.count === 0) return false;
    for (let m = 0; m < size; m++) this.#members[m] = this.#subset[members[m]!]!;
    this.#sinceLook += hits.count;
    for (let hit = 0; hit < hits.count; hit++) {
      for (let m = 0; m < size; m++) this.#stars[m] = hits.stars[size * hit + m]!;
      if (!this.#test(index, view, parity, length, tolerance)) continue;
      this.#counts.verified++;
      const candidate: Candidate = {
        index,
        camera: this.#camera,
        members: this.#members,
        stars: this.#stars,
        log_odds: this.#check.logOdds,
        precision: this.#precision,
      };
      if (accept(candidate)) return true;
    }
    return false;
  }

  /** Whether a hypothesis is within bounds and its neighbourhood speaks for it. */
  #test(index: StarIndex, view: View, parity: 1 | -1, length: number, tolerance: number): boolean {
    const camera = this.#camera;
    const { x, y } = this.field;
    const directions = this.#directions;
    const [a, b] = [this.#members[0]!, this.#members[1]!];
    index.direction(this.#stars[0]!, directions, 0);
    index.direction(this.#stars[1]!, directions, 3);
    if (!camera.aim(directions, x[a]!, y[a]!, x[b]!, y[b]!, parity, view.focal)) return false;
    const { focal } = camera;
    if (focal < view.least || focal > view.most) return false;
    const { direction } = this.#bounds;
    if (direction) {
      const { r } = camera;
      if (r[6]! * direction[0]! + r[7]! * direction[1]! + r[8]! * direction[2]! < this.#cosRadius)
        return false;
    }
    // With the focal length known the shape is known better than the code's number said.
    const most = (tolerance * length) ** 2 * 2;
    for (let m = 2; m < this.#members.length; m++) {
      index.direction(this.#stars[m]!, directions, 3 * m);
      if (!camera.project(directions[3 * m]!, directions[3 * m + 1]!, directions[3 * m + 2]!)) return false;
      const star = this.#members[m]!;
      if ((camera.x - x[star]!) ** 2 + (camera.y - y[star]!) ** 2 > most) return false;
    }
    this.#counts.hypotheses++;
    if (!this.#isPlaced) {
      this.#check.about((x[a]! + x[b]!) / 2, (y[a]! + y[b]!) / 2, length);
      this.#isPlaced = true;
    }
    const middle = this.#middle;
    const [mx, my, mz] = [
      directions[0]! + directions[3]!,
      directions[1]! + directions[4]!,
      directions[2]! + directions[5]!,
    ];
    const norm = 1 / Math.sqrt(mx * mx + my * my + mz * mz);
    middle[0] = mx * norm;
    middle[1] = my * norm;
    middle[2] = mz * norm;
    const angle = 2 * Math.acos(Math.min(1, 0.5 / norm));
    this.#check.check(index, camera, middle, angle, this.#members, this.#precision);
    return this.#check.isPromising;
  }
}

/** The next combination of the first `length` numbers, ascending, below the one that follows them; false after the last. */
function advance(chosen: Int32Array, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const next = chosen[i]! + 1;
    if (next === chosen[i + 1]) continue;
    chosen[i] = next;
    for (let before = 0; before < i; before++) chosen[before] = before;
    return true;
  }
  return false;
}
