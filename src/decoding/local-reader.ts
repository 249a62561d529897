import { abortable } from '../async/abortable.js';
import type { ImageReader } from './image-reader.js';

/** Reads images in this process. Work that blocks its event loop holds up timeout and cancel too; memory has no limit. */
export class LocalReader implements ImageReader {
  readonly read: ImageReader['read'] = (path, options, signal) =>
    abortable(
      import('./reading.js').then(({ readImage }) => readImage(path, options)),
      signal,
    );

  readonly annotate: ImageReader['annotate'] = async (path, options, drawing, signal) => {
    const [{ annotate }, { openImage }] = await Promise.all([
      import('../annotate/annotate.js'),
      import('../image/open.js'),
    ]);
    const draw = async () => annotate({ ...drawing, image: await openImage(path, options) });
    return abortable(draw(), signal);
  };

  readonly exportPicture: ImageReader['exportPicture'] = async (kind, source, options) => {
    const { exportPicture } = await import('../export/pictures.js');
    return exportPicture(kind, source, options);
  };

  readonly exportFits: ImageReader['exportFits'] = async (source, options) => {
    const { exportNewFits } = await import('../export/new-fits.js');
    return exportNewFits(source, options);
  };

  prepare(): void {}

  release(): void {}
}
