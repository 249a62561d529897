// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../../wcs/sphere.js';
import type { Candidate, SearchCounts, Tolerance } from '../candidate.js';
import { Field, type StarList } from '../field.js';
import { ListSearch, MAX_DEPTH } from '../search.js';
import type { StarIndex } from '../star-index.js';
import { Lens } from './lens.js';
import { LensGrowth } from './lens-growth.js';
import { judgeLens, type LensEvidence } from './lens-judge.js';
import { aimLens, type Patch, unroll } from './unroll.js';

/** How wide the shorter side is taken to see, degrees: each guess stands for a third more or less. */
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
/** Depths of the rounds: quads of the first so many stars of every patch. */
const DEPTHS = [3, 7, 10, 13, 16] as const;
const TOLERANCE: Tolerance = { code: 0.02, bending: 0.015, shortest_rad: 2.5 * RAD, leastTangent: 0 };
/** How many of a list's first stars a match is grown over. */
const GROWN = [400, 120] as const;
const CERTAIN = 60;

export interface LensSolution {
  growth: LensGrowth;
  evidence: LensEvidence;
  log_odds: number;
  index: StarIndex;
  list: number;
}

interface PatchSearch {
  patch: Patch;
  search: ListSearch;
  subset: Int32Array;
}

export interface AllSkyField {
  lists: readonly StarList[];
  width: number;
  height: number;
  sigma_px: number;
  parity?: 1 | -1;
}

/** Searches the patches of fisheye images for one that is found, and grows it over the image. */
export function searchPatches(
  { lists, width, height, sigma_px, parity }: AllSkyField,
  indexes: readonly StarIndex[],
  counts: SearchCounts,
  shouldStop: () => boolean,
  accept: (solution: LensSolution) => boolean,
): 'accepted' | 'stopped' | 'exhausted' {
  const shorter = Math.min(width, height);
  const states = lists.map((list, number) => ({
    list,
    number,
    growths: GROWN.map((depth) => new LensGrowth(new Field(list, width, height, depth))),
    flux: list.flux ?? Float64Array.from({ length: list.x.length }, (_, i) => -i),
    patches: new Map<number, PatchSearch[]>(),
  }));
  const lens = new Lens();
  const seedLens = new Lens();
  for (let round = 1; round < DEPTHS.length; round++) {
    for (const guess of GUESSES_DEG) {
      lens.focal = shorter / 2 / ((guess / 2) * RAD);
      lens.cx = (width + 1) / 2;
      lens.cy = (height + 1) / 2;
      for (const state of states) {
        let patches = state.patches.get(guess);
        if (!patches) {
          patches = patchesOf(lens, state.list, sigma_px, parity, counts);
          state.patches.set(guess, patches);
        }
        for (const { patch, search, subset } of patches) {
          const consider = (candidate: Candidate) => {
            seedLens.set(lens);
            aimLens(seedLens, candidate.camera, patch);
            const seed = {
              index: candidate.index,
              members: Array.from(candidate.members, (member) => patch.members[member]!),
              stars: Array.from(candidate.stars),
              lens: seedLens,
            };
            const solution = consider_(state, seed, sigma_px, counts);
            return solution !== undefined && accept(solution);
          };
          search.use(subset);
          const outcome = search.run(
            indexes,
            DEPTHS[round - 1]!,
            DEPTHS[round]!,
            TOLERANCE,
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

function consider_(
  state: { growths: LensGrowth[]; flux: ArrayLike<number>; number: number },
  seed: Parameters<LensGrowth['from']>[0],
  sigma_px: number,
  counts: SearchCounts,
): LensSolution | undefined {
  let best: LensSolution | undefined;
  for (const growth of state.growths) {
    if (Math.max(...Array.from(seed.members)) >= growth.field.count) continue;
    if (!growth.from(seed, sigma_px)) continue;
    const evidence = judgeLens(growth, seed.index, state.flux);
    const log_odds = evidence.log_odds - Math.log(Math.max(1, counts.hypotheses)) - Math.log(GROWN.length);
    if (!best || log_odds > best.log_odds)
      best = { growth, evidence, log_odds, index: seed.index, list: state.number };
    if (log_odds > CERTAIN) break;
  }
  return best;
}

function patchesOf(
  lens: Lens,
  list: StarList,
  sigma_px: number,
  parity: 1 | -1 | undefined,
  counts: SearchCounts,
): PatchSearch[] {
  const view = { focal: lens.focal, least: lens.focal / GUESS_RANGE, most: lens.focal * GUESS_RANGE };
  const bounds = { least: view.least, most: view.most, ...(parity && { parity }) };
  return CIRCLES.flatMap(({ out, count }) =>
    Array.from({ length: count }, (_, i) => {
      const patch = unroll(lens, list, (2 * Math.PI * i) / count, out, PATCH_RAD, STARS_A_PATCH);
      const { stars, size } = patch;
      const search = new ListSearch(stars, size, size, sigma_px, [view], bounds, counts);
      const subset = Int32Array.from({ length: Math.min(MAX_DEPTH, stars.x.length) }, (_, k) => k);
      return { patch, search, subset };
    }),
  ).filter(({ subset }) => subset.length > 6);
}
