import type { ImageReader } from '../decoding/image-reader.js';
import { patience } from '../decoding/patience.js';
import type { ExportSource } from '../export/export-source.js';
import type { PictureSource } from '../export/exported-file.js';
import { AstroJobsError } from '../job/errors.js';
import type { JobResult } from '../job/result.js';

/** What is known of an image that exports are made of. */
export interface ExportedImage extends PictureSource {
  /** Undefined before the job is settled. */
  result?: JobResult;
  /** Looks into the image. */
  reader: ImageReader;
  /** Ends what is being read or drawn. */
  signal?: AbortSignal;
}

export const nothingToDraw = (jobId?: string) =>
  new AstroJobsError('not_found', 'This job has no plate solution to draw', {
    ...(jobId !== undefined && { jobId }),
  });

/** An image and its solution as exports need them; all that looks into the image goes through the reader. */
export function exportSource({ reader, result, signal, ...picture }: ExportedImage): ExportSource {
  const { imagePath, extension, file } = picture;
  return {
    ...picture,
    ...(result && { result }),
    async geometry() {
      const { geometryOf } = await import('../export/geometry.js');
      const { image } = await reader.read(imagePath, { extension }, patience(signal));
      return geometryOf(image, { file });
    },
    picture: (kind, options) =>
      reader.exportPicture(kind, picture, { ...options, signal: options.signal ?? signal }),
    async drawing(options) {
      const { readSolution } = await import('../export/geometry.js');
      const wcs = result?.ok ? await readSolution({ file }) : undefined;
      if (!result?.ok || !wcs) throw nothingToDraw();
      return reader.annotate(imagePath, { extension }, { ...options, result, wcs }, patience(signal));
    },
  };
}
