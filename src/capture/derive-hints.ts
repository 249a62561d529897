import type { FitsHeader } from '../fits/header.js';
import type { OpenedImage } from '../image/image.js';
import type { Capture } from '../job/capture.js';
import { POINTING_RADIUS_DEG, readHeaderWcs, wcsHints } from './header-wcs.js';
import type { ImageHints, PositionHint, ScaleHint } from './hints.js';
import { exposureYear, readPointing } from './pointing.js';
import { exifScales, fitsScales } from './scale-hints.js';
import { printable } from './text.js';

export interface DerivedHints {
  hints: ImageHints;
  /** What gave no hint, and why; one line each, for a log. */
  notes: string[];
}

/** Leaves out a range that an earlier one holds already. */
function withoutRepeats(scales: readonly ScaleHint[]): ScaleHint[] {
  const kept: ScaleHint[] = [];
  for (const hint of scales) {
    const held = kept.some(
      (earlier) =>
        earlier.low_arcsec_per_pixel <= hint.low_arcsec_per_pixel * 1.02 &&
        earlier.high_arcsec_per_pixel >= hint.high_arcsec_per_pixel * 0.98,
    );
    if (!held) kept.push(hint);
  }
  return kept;
}

/** Where the mount claimed to point; every place of a claim that can mean more than one. */
function pointingHints(header: FitsHeader, { datetime }: Capture): PositionHint[] {
  return readPointing(header, exposureYear(datetime)).possible.map(({ ra, dec, source }, i) => ({
    ra_deg: ra,
    dec_deg: dec,
    radius_deg: POINTING_RADIUS_DEG,
    source: 'fits',
    reason: source,
    ...(i > 0 && { alternative: true }),
  }));
}

/**
 * What an image's metadata suggest about its scale and place, best first, each with its reason. Reads no file
 * and never throws.
 */
export function deriveHints(image: OpenedImage, capture: Capture): DerivedHints {
  const notes: string[] = [];
  const note = (line: string) => void notes.push(printable(line));
  const { fitsHeader, width, height } = image;
  const header = fitsHeader && readHeaderWcs(fitsHeader, width, height, note);
  const fromWcs = header ? wcsHints(header, note) : { scales: [], positions: [] };
  const scales = fitsHeader
    ? [...fromWcs.scales, ...fitsScales(fitsHeader, capture, note)]
    : width > 0 && height > 0
      ? exifScales(image, capture, note)
      : [];
  const hints: ImageHints = {
    scales: withoutRepeats(scales),
    positions: [...fromWcs.positions, ...(fitsHeader ? pointingHints(fitsHeader, capture) : [])],
  };
  return {
    hints: header?.fits && fromWcs.scales.length > 0 ? { ...hints, headerWcs: header.wcs } : hints,
    notes,
  };
}
