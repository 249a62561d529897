import { AstroJobsError } from '../job/errors.js';
import type { SolvedResult } from '../job/result.js';
import type { Wcs } from '../wcs/wcs.js';
import type { ExportSource } from './export-source.js';
import type { JobGeometry } from './geometry.js';

/** A job that has a plate solution, and what is known of its image. */
export interface Solved {
  result: SolvedResult;
  image: JobGeometry['image'];
  wcs: Wcs;
}

/** @throws AstroJobsError `not_found` */
export async function solvedOf({ result, geometry }: ExportSource): Promise<Solved> {
  if (!result?.ok) throw new AstroJobsError('not_found', 'This job has no plate solution');
  const { image, wcs } = await geometry();
  if (!wcs) throw new AstroJobsError('not_found', 'This job has no plate solution');
  return { result, image, wcs };
}

/** How the pixels of an image become what a person sees. */
export const displayOf = ({ row_order, exif_orientation }: JobGeometry['image']) => ({
  rowOrder: row_order,
  exifOrientation: exif_orientation,
});
