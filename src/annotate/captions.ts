import { constellationName } from '../catalog/constellation.js';
import { cameraName } from '../job/camera-name.js';
import type { SolvedResult } from '../job/result.js';
import { formatAngle, formatDec, formatRa, formatUp } from '../wcs/angles.js';
import { lineOf } from './names.js';

export interface Caption {
  title: string;
  lines: string[];
}

/** What is written under the picture: what it shows, centre and field, date and instrument. */
export function captionOf({ astrometry, capture }: SolvedResult): Caption {
  const { ra_center, dec_center, fov_deg, pixscale_arcsec, display_up_deg } = astrometry;
  const step = Math.max(...fov_deg) > 20 ? 0.02 : 0.001;
  const place = `RA ${formatRa(ra_center, step)}   Dec ${formatDec(dec_center, step)}`;
  const field = `${formatAngle(fov_deg[0])} × ${formatAngle(fov_deg[1])}`;
  const scale = `${Number(pixscale_arcsec.toPrecision(3))}″ per pixel`;
  const rotation = display_up_deg === undefined ? undefined : formatUp(display_up_deg);
  const taken = [
    dateText(capture),
    capture.telescope ?? cameraName(capture),
    capture.exposure !== undefined ? `${Number(capture.exposure.toPrecision(3))} s` : undefined,
    capture.iso !== undefined ? `ISO ${capture.iso}` : undefined,
    capture.filter,
  ];
  return {
    title: titleOf(astrometry, capture),
    lines: [
      [place, field, scale, rotation].filter((part) => part !== undefined).join('   ·   '),
      taken.filter((part) => part !== undefined && part !== '').join('   ·   '),
    ].filter((line) => line !== ''),
  };
}

/** What the photograph is of: the object recorded, or the subject and where it is. */
function titleOf(
  { subject, ra_center, dec_center }: SolvedResult['astrometry'],
  capture: SolvedResult['capture'],
): string {
  if (capture.object) return capture.object;
  const constellation = constellationName(ra_center, dec_center);
  if (!subject) return constellation;
  if (subject.catalog === 'constellation') return subject.name;
  const { name, common_name } = subject;
  const title = lineOf({ title: name, ...(common_name !== undefined && { detail: common_name }) });
  return subject.catalog === 'solar-system' ? title : `${title} in ${constellation}`;
}

function dateText({ datetime, datetime_utc }: SolvedResult['capture']): string | undefined {
  const minute = (iso: string) => iso.slice(0, 16).replace('T', ' ');
  if (datetime_utc !== undefined) return `${minute(datetime_utc)} UTC`;
  return datetime === undefined ? undefined : minute(datetime);
}
