import { lineOf, nameOf } from '../annotate/names.js';
import { paletteOf } from '../annotate/palette.js';
import { kindOf } from '../catalog/kinds.js';
import type { AstroObject } from '../job/astrometry.js';
import { frameOutline } from '../wcs/frame-outline.js';
import type { ExportSource } from './export-source.js';
import { type MadeFile, wholeFile } from './exported-file.js';
import { solvedOf } from './solved.js';

/** A text in braces, which it must not close. */
const quoted = (text: string) => `{${text.replace(/[{}\p{Cc}]/gu, ' ')}}`;
const degrees = (value: number) => value.toFixed(7);
const arcseconds = (arcmin: number) => `${(arcmin * 60).toFixed(2)}"`;

/** DS9 draws on black. */
const palette = paletteOf('standard', 'dark');

/** DS9 regions in ICRS: the edge of the picture as a polygon, objects at their true size. */
export async function exportRegions(source: ExportSource): Promise<MadeFile> {
  const { result, wcs } = await solvedOf(source);
  const places = frameOutline(wcs).map(([ra, dec]) => `${degrees(ra)},${degrees(dec)}`);
  const lines = [
    '# Region file format: DS9 version 4.1',
    'global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman" select=1 edit=1 move=1 delete=1 include=1 source=1',
    'icrs',
    `polygon(${places.join(',')}) # color=${palette.grid} text=${quoted(source.filename)}`,
    ...result.astrometry.objects.flatMap((object) => regionOf(object) ?? []),
  ];
  return wholeFile(`${lines.join('\n')}\n`);
}

function regionOf(object: AstroObject): string | undefined {
  const { ra_deg, dec_deg, size_arcmin = 0, axes_arcmin, axis_pa_deg, type } = object;
  if (ra_deg === undefined || dec_deg === undefined) return undefined;
  const at = `${degrees(ra_deg)},${degrees(dec_deg)}`;
  const marks = `# color=${palette.kinds[kindOf(type)]} text=${quoted(lineOf(nameOf(object)))}`;
  // The first radius lies along position angle − 90°, the second along the position angle.
  if (axes_arcmin && axis_pa_deg !== undefined)
    return `ellipse(${at},${arcseconds(axes_arcmin[1] / 2)},${arcseconds(axes_arcmin[0] / 2)},${axis_pa_deg}) ${marks}`;
  return size_arcmin > 0
    ? `circle(${at},${arcseconds(size_arcmin / 2)}) ${marks}`
    : `point(${at}) ${marks} point=cross`;
}
