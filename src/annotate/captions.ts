import { Constellation } from 'astronomy-engine';
import type { SolvedResult } from '../job/result.js';
import { formatAngle, formatDec, formatRa } from '../wcs/angles.js';
import { importance, voiceOf } from './markers.js';

export interface Caption {
  title: string;
  lines: string[];
}

/** What is written under the picture: what it shows, centre and field, date and instrument. */
export function captionOf({ astrometry, capture }: SolvedResult): Caption {
  const { ra_center, dec_center, fov_deg, pixscale_arcsec } = astrometry;
  const step = Math.max(...fov_deg) > 20 ? 0.02 : 0.001;
  const place = `RA ${formatRa(ra_center, step)}   Dec ${formatDec(dec_center, step)}`;
  const field = `${formatAngle(fov_deg[0])} × ${formatAngle(fov_deg[1])}`;
  const scale = `${Number(pixscale_arcsec.toPrecision(3))}″ per pixel`;
  const taken = [
    dateText(capture),
    capture.telescope ?? cameraText(capture),
    capture.exposure !== undefined ? `${Number(capture.exposure.toPrecision(3))} s` : undefined,
    capture.iso !== undefined ? `ISO ${capture.iso}` : undefined,
    capture.filter,
  ];
  return {
    title: titleOf(astrometry, capture),
    lines: [
      [place, field, scale].join('   ·   '),
      taken.filter((part) => part !== undefined && part !== '').join('   ·   '),
    ].filter((line) => line !== ''),
  };
}

/** A wider field (degrees) is a picture of its constellation. */
const WIDE_DEG = 10;

/** The object that the photograph is of, as far as can be told: the one recorded, the one in the middle, or the constellation. */
function titleOf(astrometry: SolvedResult['astrometry'], capture: SolvedResult['capture']): string {
  if (capture.object) return capture.object;
  const constellation = Constellation(astrometry.ra_center / 15, astrometry.dec_center).name;
  const width = Math.max(...astrometry.fov_deg);
  if (width > WIDE_DEG) return constellation;
  const central = astrometry.objects
    .filter(
      (object) =>
        (voiceOf(object) === 'named' || /^(NGC|IC)$/.test(object.catalog ?? '')) &&
        !/^(star|Cr|ACO)$/.test(object.catalog ?? '') &&
        object.sep_arcmin < 10 * Math.min(...astrometry.fov_deg) &&
        (object.size_arcmin ?? 0) > width * 1.5 &&
        (object.size_arcmin ?? 0) < width * 90,
    )
    .sort((a, b) => importance(a) - importance(b))[0];
  return central ? `${central.name} in ${constellation}` : constellation;
}

function dateText({ datetime, datetime_utc }: SolvedResult['capture']): string | undefined {
  const minute = (iso: string) => iso.slice(0, 16).replace('T', ' ');
  if (datetime_utc !== undefined) return `${minute(datetime_utc)} UTC`;
  return datetime === undefined ? undefined : minute(datetime);
}

function cameraText({ camera_make, camera_model }: SolvedResult['capture']): string | undefined {
  if (camera_model === undefined) return camera_make;
  return camera_make === undefined || camera_model.toLowerCase().startsWith(camera_make.toLowerCase())
    ? camera_model
    : `${camera_make} ${camera_model}`;
}
