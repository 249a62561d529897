import { DECODERS } from '../image/decoders.js';
import { shownLens } from '../optics/shown-lens.js';
import type { ExportSource } from './export-source.js';
import { EXPORT_KINDS, type ExportKind, type ExportNeed, formatOf } from './formats.js';

/** A format that a job can be exported in. */
export interface ExportOffer {
  /** The name of the format. */
  format: ExportKind;
  /** What it is, for a person. */
  title: string;
  /** Its media type. */
  content_type: string;
}

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
    const { title, contentType, needs, refuses } = formatOf(kind);
    const holds = needs.every((need) => has[need]) && (!wcs || refuses?.(wcs) === undefined);
    return holds ? [{ format: kind, title, content_type: contentType }] : [];
  });
}
