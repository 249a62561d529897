import { annotate } from '../annotate/annotate.js';
import { openImage } from '../image/open.js';
import { AstroJobsError } from '../job/errors.js';
import type { JobResult } from '../job/result.js';
import type { ExportSource } from './export-source.js';
import type { PictureSource } from './exported-file.js';
import { geometryOf, readSolution } from './geometry.js';
import { exportNewFits } from './new-fits.js';
import { exportPicture } from './pictures.js';

/** What exports are made of, where the image is trusted and read in this process. */
export function localSource(job: PictureSource, result?: JobResult): ExportSource {
  const open = () => openImage(job.imagePath, { extension: job.extension });
  return {
    ...job,
    ...(result && { result }),
    geometry: async () => geometryOf(await open(), job),
    picture: (kind, options) => exportPicture(kind, job, options),
    fits: (options) => exportNewFits({ ...job, capture: result?.capture }, options),
    async drawing(options) {
      const wcs = await readSolution(job);
      if (!result?.ok || !wcs) throw new AstroJobsError('not_found', 'There is no plate solution to draw');
      return annotate({ ...options, image: await open(), wcs, result });
    },
  };
}
