// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../../wcs/sphere.js';
import type { Candidate, SearchCounts, Tolerance } from '../candidate.js';
import { type Evidence, type Weighing, weigh } from '../evidence.js';
import { Field, type StarList } from '../field.js';
import { oddsAmong } from '../judge.js';
import { ListSearch, MAX_DEPTH, type Outcome } from '../search.js';
import type { StarIndex } from '../star-index.js';
import { Lens } from './lens.js';
import { LensGrowth, type LensSeed } from './lens-growth.js';
import { aimLens, type Patch, unroll } from './unroll.js';

/** How wide the shorter side is taken to see, degrees: each guess stands for a quarter more or less. */
const GUESSES_DEG = [170, 125, 92, 68] as const;
const GUESS_RANGE = 1.25;
/** Patches: their radius, and the circles about the axis on which they lie. */
const PATCH_RAD = 20 * RAD;
const CIRCLES = [
  { out: 0, count: 1 },
  { out: 22 * RAD, count: 6 },
  { out: 44 * RAD, count: 10 },
] as const;
const STARS_A_PATCH = 120;
const FEWEST_IN_PATCH = 7;
/** Rounds: quads whose last star is one of these of every patch, by its place in the order of the list. */
const ROUNDS = [
  [3, 7],
  [7, 10],
  [10, 13],
  [13, 16],
] as const;
const TOLERANCE: Tolerance = { code: 0.02, bending: 0.015, shortest_rad: 2.5 * RAD, leastTangent: 0 };
/** A lens that other images have shown bends nothing any more, and its focal length is as they have it to this factor. */
const KNOWN_TOLERANCE: Tolerance = { ...TOLERANCE, code: 0.008, bending: 0.004 };
const KNOWN_RANGE = 1.02;
/** How many of a list's first stars a match is grown over. */
const GROWN = [400, 120] as const;
/** Of these odds a growth needs no second one. */
const CERTAIN = 60;

/** The rest of the sky's stars is behind clouds, the horizon, moonlight. */
const WEIGHING: Weighing = {
  completeness: [0.6, 0.3, 0.12],
  most: 300,
  fewest: 8,
  brightest: 20,
  neighbourhood: 0.1,
  squares: 6,
};

/** A fisheye image as its search needs it. */
export interface AllSkyField {
  lists: readonly StarList[];
  width: number;
  height: number;
  sigma_px: number;
  /** Pixels a radian on the axis. */
  focal?: { least: number; most: number };
  parity?: 1 | -1;
  /** The lens, where other images have shown it. */
  known?: Lens;
}

/** A match that was grown from one patch; valid until the search goes on. */
export interface GrownLens {
  growth: LensGrowth;
  evidence: Evidence;
  /** Among as many hypotheses as were tested. */
  log_odds: number;
  index: StarIndex;
  /** Number of the list. */
  list: number;
}

interface PatchSearch {
  patch: Patch;
  search: ListSearch;
  subset: Int32Array;
}

/** One list of the image. */
class ListState {
  readonly #list: StarList;
  readonly #growths: LensGrowth[];
  readonly #number: number;
  /** By the guess. */
  readonly #patches = new Map<number, PatchSearch[]>();

  constructor(list: StarList, number: number, { width, height }: AllSkyField) {
    this.#list = list;
    this.#number = number;
    this.#growths = GROWN.map((depth) => new LensGrowth(new Field(list, width, height, depth)));
  }

  patches(guess: number, lens: Lens, field: AllSkyField, counts: SearchCounts): PatchSearch[] {
    const known = this.#patches.get(guess);
    if (known) return known;
    const made = patchesOf(lens, this.#list, field, counts);
    this.#patches.set(guess, made);
    return made;
  }

  /** Grows a candidate over the image, in the ways that there are; the likeliest of them. */
  grow(seed: LensSeed, sigma_px: number, counts: SearchCounts): GrownLens | undefined {
    let best: GrownLens | undefined;
    for (const growth of this.#growths) {
      if (Math.max(...Array.from(seed.members)) >= growth.field.count) continue;
      if (!growth.from(seed, sigma_px)) continue;
      const evidence = weigh(growth, seed.index, this.#list, WEIGHING);
      const log_odds = oddsAmong(evidence, counts.hypotheses) - Math.log(GROWN.length);
      if (!best || log_odds > best.log_odds)
        best = { growth, evidence, log_odds, index: seed.index, list: this.#number };
      if (log_odds > CERTAIN) break;
    }
    return best;
  }
}

/**
 * Searches patches of a fisheye image, unrolled as if a lens of some guessed width had made them, and grows what is found over the image.
 * @param accept is asked about each grown match; true ends the search
 * @param shouldStop is asked from time to time; true ends the search
 */
export function searchPatches(
  field: AllSkyField,
  indexes: readonly StarIndex[],
  counts: SearchCounts,
  shouldStop: () => boolean,
  accept: (grown: GrownLens) => boolean,
): Outcome {
  const states = field.lists.map((list, number) => new ListState(list, number, field));
  const { known } = field;
  const range = known ? KNOWN_RANGE : GUESS_RANGE;
  const guesses = (known ? [known] : GUESSES_DEG.map((guess) => lensOf(guess, field))).filter(
    ({ focal }) => !field.focal || (focal * range > field.focal.least && focal / range < field.focal.most),
  );
  const seedLens = new Lens();
  for (const [from, to] of ROUNDS) {
    for (const [guess, lens] of guesses.entries()) {
      for (const state of states) {
        for (const { patch, search, subset } of state.patches(guess, lens, field, counts)) {
          const consider = ({ camera, index, members, stars }: Candidate) => {
            seedLens.set(lens);
            aimLens(seedLens, camera, patch);
            if (known) seedLens.focal = known.focal;
            const ofList = Array.from(members, (member) => patch.members[member]!);
            const grown = state.grow(
              { index, members: ofList, stars, lens: seedLens, isKnown: known !== undefined },
              field.sigma_px,
              counts,
            );
            return grown !== undefined && accept(grown);
          };
          search.use(subset);
          const outcome = search.run(
            indexes,
            from,
            to,
            known ? KNOWN_TOLERANCE : TOLERANCE,
            consider,
            shouldStop,
          );
          if (outcome !== 'exhausted') return outcome;
        }
      }
    }
  }
  return 'exhausted';
}

/** An equidistant lens about the middle of the image. */
function lensOf(guess_deg: number, { width, height }: AllSkyField): Lens {
  const lens = new Lens();
  lens.focal = Math.min(width, height) / (guess_deg * RAD);
  lens.cx = (width + 1) / 2;
  lens.cy = (height + 1) / 2;
  return lens;
}

function patchesOf(
  lens: Lens,
  list: StarList,
  { sigma_px, parity, focal, known }: AllSkyField,
  counts: SearchCounts,
): PatchSearch[] {
  const range = known ? KNOWN_RANGE : GUESS_RANGE;
  const view = {
    focal: lens.focal,
    least: Math.max(lens.focal / range, focal?.least ?? 0),
    most: Math.min(lens.focal * range, focal?.most ?? Number.POSITIVE_INFINITY),
  };
  const bounds = { least: view.least, most: view.most, ...(parity && { parity }) };
  return CIRCLES.flatMap(({ out, count }) =>
    Array.from({ length: count }, (_, i) => {
      const patch = unroll(lens, list, (2 * Math.PI * i) / count, out, PATCH_RAD, STARS_A_PATCH);
      const { stars, size } = patch;
      const search = new ListSearch(stars, size, size, sigma_px, [view], bounds, counts);
      const subset = Int32Array.from({ length: Math.min(MAX_DEPTH, stars.x.length) }, (_, k) => k);
      return { patch, search, subset };
    }),
  ).filter(({ subset }) => subset.length >= FEWEST_IN_PATCH);
}
