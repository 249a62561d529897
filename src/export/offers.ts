import { DECODERS } from '../image/decoders.js';
import { shownLens } from '../optics/shown-lens.js';
import type { ExportSource } from './export-source.js';
import { EXPORT_FORMATS, EXPORT_KINDS, type ExportNeed } from './formats.js';
import type { ExportOffer } from './types/offer.js';

export type { ExportOffer } from './types/offer.js';

/** The formats that hold for a job as it is now. */
export async function exportOffers(source: ExportSource): Promise<ExportOffer[]> {
  const { result, file } = source;
  const { image, wcs } = await source.geometry();
  const has: Readonly<Record<ExportNeed, boolean>> = {
    result: result !== undefined,
    solution: wcs !== undefined && result?.ok === true,
    pixels: DECODERS[image.kind].hasPixels,
    stars: (await file('solution.axy')) !== undefined,
    pairs: (await file('solution.corr')) !== undefined,
    measured: (await file('stars.fits')) !== undefined,
    grid: result?.ok === true && result.image_quality?.grid !== undefined,
    lens: wcs !== undefined && shownLens(wcs, result?.solve?.fit) !== undefined,
  };
  return EXPORT_KINDS.flatMap((kind) => {
    const { title, contentType, needs, refuses } = EXPORT_FORMATS[kind];
    const holds = needs.every((need) => has[need]) && (!wcs || refuses?.(wcs) === undefined);
    return holds ? [{ format: kind, title, content_type: contentType }] : [];
  });
}
