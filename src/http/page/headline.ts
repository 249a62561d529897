import { lineOf } from '../../annotate/names.js';
import type { SolvedResult } from '../../client/index.js';
import { cameraName } from '../../job/camera-name.js';
import { formatAngle, formatUp } from '../../wcs/angles.js';

/** The subject as people write it: `M 42 Orion Nebula`; undefined where nothing stands out. */
export function headlineOf({ astrometry: { subject } }: SolvedResult): string | undefined {
  if (!subject) return undefined;
  const { name, common_name } = subject;
  return lineOf({ title: name, ...(common_name !== undefined && { detail: common_name }) });
}

const article = (noun: string) => (/^[aeiou]/i.test(noun) ? 'an' : 'a');
const day = (iso: string) =>
  new Date(`${iso.slice(0, 10)}T12:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** What the picture shows and how it was taken, as a person would tell it. @param constellation its whole name */
export function sentencesOf(
  { astrometry, capture }: SolvedResult,
  constellation: string | undefined,
): string {
  return [shows(astrometry, constellation), taken(capture)].filter((text) => text !== '').join(' ');
}

function shows(
  { subject, fov_deg, display_up_deg, mirrored }: SolvedResult['astrometry'],
  constellation: string | undefined,
): string {
  const field = `${formatAngle(fov_deg[0])} × ${formatAngle(fov_deg[1])} of sky`;
  const within = constellation === undefined ? '' : ` in ${constellation}`;
  const kind = subject?.catalog === 'constellation' ? undefined : subject?.type;
  const what =
    kind !== undefined
      ? `${article(kind)} ${kind}${within}, in ${field}`
      : subject === undefined
        ? `${field}${within}`
        : `the constellation ${subject.name}, in ${field}`;
  const sides = [
    display_up_deg === undefined ? undefined : formatUp(display_up_deg),
    mirrored ? 'the picture is mirrored' : undefined,
  ].filter((part) => part !== undefined);
  const told = sides.length > 0 ? `${what}; ${sides.join(', ')}.` : `${what}.`;
  return told.charAt(0).toUpperCase() + told.slice(1);
}

function taken(capture: SolvedResult['capture']): string {
  const { datetime, datetime_utc, telescope, focal_length_mm, exposure, iso, filter } = capture;
  const when = datetime ?? datetime_utc;
  const gear = [telescope, cameraName(capture)]
    .filter((part) => part !== undefined && part !== '')
    .join(' and ');
  const settings = [
    focal_length_mm !== undefined ? `${Number(focal_length_mm.toPrecision(4))} mm` : undefined,
    exposure !== undefined ? `${Number(exposure.toPrecision(3))} s` : undefined,
    iso !== undefined ? `ISO ${iso}` : undefined,
    filter === undefined || filter === '' ? undefined : `filter ${filter}`,
  ].filter((part) => part !== undefined);
  if (when === undefined && gear === '' && settings.length === 0) return '';
  const words = ['Taken', when && `on ${day(when)}`, gear && `with ${gear}`].filter(Boolean).join(' ');
  return `${words}${settings.length > 0 ? `${words === 'Taken' ? ' at ' : ', '}${settings.join(', ')}` : ''}.`;
}
