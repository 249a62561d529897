import { FULL_BUDGET } from '../../engine/budgets.js';
import { levelSizesFor } from '../../engine/packaged-stars.js';
import { levelLimits, SMALLEST_SIZE_DEG } from '../../engine/quad-builder.js';
import { indexRequest } from '../../engine/request.js';
import { findIndexes, type InstalledIndex } from '../indexes/installed.js';
import type { SolveRequest } from '../solver.js';
import { planStages, type Stage } from './stages.js';

const ARCMIN = (180 * 60) / Math.PI;

/** Installed index files with quads that are shorter than those of the packaged stars. */
export async function narrowIndexFiles(dirs: readonly string[]): Promise<InstalledIndex[]> {
  const longest_arcmin = levelLimits(SMALLEST_SIZE_DEG).shortest_rad * ARCMIN;
  const found = await findIndexes({ dirs });
  return found.filter(({ lower_arcmin }) => lower_arcmin < longest_arcmin);
}

/** What there is to search. */
export interface StarsAtHand {
  /** Packaged stars. */
  count: number;
  files: readonly InstalledIndex[];
}

/**
 * The stages for which there are stars. Where the metadata say that there can be none, one short try is made all the same, since they may
 * lie.
 */
export function coveredStages(request: SolveRequest, stars: StarsAtHand): Stage[] {
  const { image, params, hints } = request;
  const stages = planStages(request).filter((stage) => isCovered(stage, image, stars));
  const [hint] = params.use_metadata ? hints.scales : [];
  if (!hint) return stages;
  const scale = { low: hint.low_arcsec_per_pixel, high: hint.high_arcsec_per_pixel };
  if (isCovered({ bounds: { scale }, lens: 'pinhole', files: 'also' }, image, stars)) return stages;
  return stages.filter(({ budget }) => budget < FULL_BUDGET);
}

type Field = Pick<Stage, 'bounds' | 'files' | 'lens'>;
type Size = Pick<SolveRequest['image'], 'width' | 'height'>;

function isCovered(field: Field, { width, height }: Size, stars: StarsAtHand): boolean {
  const { bounds, files, lens } = field;
  const isStarry = levelSizesFor(indexRequest({ width, height, bounds, lens }), stars.count).length > 0;
  if (isStarry && files !== 'needed') return true;
  return files !== 'none' && filesFor(field, { width, height }, stars).length > 0;
}

/** The index files with quads that can lie in the image within a stage's bounds. */
export function filesFor(
  { bounds }: Pick<Field, 'bounds'>,
  { width, height }: Size,
  { files }: StarsAtHand,
): readonly InstalledIndex[] {
  const { shortest_rad, longest_rad } = indexRequest({ width, height, bounds });
  return files.filter(
    ({ lower_arcmin, upper_arcmin }) =>
      upper_arcmin >= shortest_rad * ARCMIN && lower_arcmin <= longest_rad * ARCMIN,
  );
}
