import { worstDifference } from '../wcs/linear.js';
import { tangentAtCentre } from '../wcs/tangent.js';
import { turnedWcs } from '../wcs/turned.js';
import { astapIni } from './astap.js';
import type { ExportSource } from './export-source.js';
import { type MadeFile, wholeFile } from './exported-file.js';
import { solvedOf } from './solved.js';

/** A smaller difference from the solution is not seen, pixels. */
export const UNSEEN_PX = 0.5;

/**
 * The plate solution as ASTAP leaves it beside an image, for programs that read that: the tangent plane at the centre without distortion, as
 * `astro-jobs-astap` writes it; rows counted from the lowest of the picture as stored, for photographs too.
 */
export async function exportIni(source: ExportSource): Promise<MadeFile> {
  const { image, wcs } = await solvedOf(source);
  const whole = turnedWcs(wcs, { rowOrder: image.row_order });
  const flat = tangentAtCentre(whole);
  const worst_px = worstDifference(whole, flat);
  const warning = worst_px > UNSEEN_PX ? withoutDistortion(worst_px) : undefined;
  return wholeFile(astapIni(flat, { command: 'astro-jobs export --format ini', warning }));
}

/** What is lost where a format knows no distortion. */
export const withoutDistortion = (worst_px: number): string =>
  `Without the distortion of the lens: up to ${worst_px.toFixed(1)} pixels from the solution`;
