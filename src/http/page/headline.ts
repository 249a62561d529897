import { lineOf } from '../../annotate/names.js';
import type { SolvedResult } from '../../client/index.js';
import { formatAngle, formatUp } from '../../wcs/angles.js';

/** The subject as people write it: `M 42 Orion Nebula`; the constellation where nothing stands out. */
export function headlineOf({ astrometry: { subject, constellation } }: SolvedResult): string | undefined {
  if (!subject) return constellation;
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

/** What the picture shows and how it was taken, as a person would tell it. */
export function sentencesOf({ astrometry, capture }: SolvedResult): string {
  return [shows(astrometry), taken(capture)].filter((text) => text !== '').join(' ');
}

function shows({
  subject,
  constellation,
  fov_deg,
  display_up_deg,
  mirrored,
}: SolvedResult['astrometry']): string {
  const within = constellation === undefined ? '' : ` in ${constellation}`;
  const field = `${formatAngle(fov_deg[0])} × ${formatAngle(fov_deg[1])} of sky`;
  const type = subject?.type;
  const known =
    type === undefined || subject?.catalog === 'constellation' ? undefined : `${article(type)} ${type}`;
  // `Jupiter, a planet` needs no more; a name that says `Nebula` still does.
  const what = known === undefined ? '' : `${known.charAt(0).toUpperCase()}${known.slice(1)}${within}, `;
  const place =
    what === '' && subject?.catalog !== 'constellation' && within !== '' ? `Somewhere${within}, ` : '';
  const sides = [
    display_up_deg === undefined ? undefined : formatUp(display_up_deg),
    mirrored ? 'it is mirrored' : undefined,
  ].filter((part) => part !== undefined);
  const sentence = `${what}${place}${field}${sides.length > 0 ? `; ${sides.join(', ')}` : ''}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function taken({
  datetime,
  datetime_utc,
  camera_make,
  camera_model,
  telescope,
  focal_length_mm,
  exposure,
  iso,
  filter,
}: SolvedResult['capture']): string {
  const when = datetime ?? datetime_utc;
  const camera =
    camera_model !== undefined &&
    camera_make !== undefined &&
    !camera_model.toLowerCase().startsWith(camera_make.toLowerCase())
      ? `${camera_make} ${camera_model}`
      : (camera_model ?? camera_make);
  const gear = [telescope, camera].filter((part) => part !== undefined && part !== '').join(' and ');
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
