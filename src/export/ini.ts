import { linearWcs } from '../wcs/linear.js';
import { turnedWcs } from '../wcs/turned.js';
import type { ExportSource } from './export-source.js';
import { type MadeFile, wholeFile } from './exported-file.js';
import { solvedOf } from './solved.js';

/** A smaller difference from the solution is not seen, pixels. */
export const UNSEEN_PX = 0.5;

/**
 * The plate solution as ASTAP leaves it beside an image, for programs that read that: without distortion, rows counted from the lowest of
 * the picture as stored, for photographs too.
 */
export async function exportIni(source: ExportSource): Promise<MadeFile> {
  const { image, wcs } = await solvedOf(source);
  const {
    wcs: flat,
    scale_deg,
    rotation_deg,
    worst_px,
  } = linearWcs(turnedWcs(wcs, { rowOrder: image.row_order }));
  const numbers = {
    CRPIX1: flat.crpix[0],
    CRPIX2: flat.crpix[1],
    CRVAL1: flat.crval[0],
    CRVAL2: flat.crval[1],
    CDELT1: scale_deg[0],
    CDELT2: scale_deg[1],
    CROTA1: rotation_deg,
    CROTA2: rotation_deg,
    CD1_1: flat.cd[0][0],
    CD1_2: flat.cd[0][1],
    CD2_1: flat.cd[1][0],
    CD2_2: flat.cd[1][1],
  };
  const lines = [
    'PLTSOLVD=T',
    ...Object.entries(numbers).map(([name, value]) => `${name}=${value < 0 ? '' : ' '}${exponential(value)}`),
    ...(worst_px > UNSEEN_PX ? [`WARNING=${withoutDistortion(worst_px)}`] : []),
  ];
  return wholeFile(`${lines.join('\r\n')}\r\n`);
}

/** What is lost where a format knows no distortion. */
export const withoutDistortion = (worst_px: number): string =>
  `Without the distortion of the lens: up to ${worst_px.toFixed(1)} pixels from the solution`;

/** `1.5000000000000000E+003`. */
function exponential(value: number): string {
  const [digits, power = '0'] = value.toExponential(16).split('e');
  const sign = power.startsWith('-') ? '-' : '+';
  return `${digits}E${sign}${power.replace(/^[-+]/, '').padStart(3, '0')}`;
}
