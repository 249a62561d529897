import type { Capture, SolvedResult } from '../../client/index.js';
import { cameraName } from '../../job/camera-name.js';
import type { Attempt } from '../../job/solve-report.js';
import { formatAngle, formatDec, formatRa } from '../../wcs/angles.js';
import { h } from './dom.js';
import { formatSeconds, trim } from './format.js';

type Row = [name: string, value: string | undefined];

function table(rows: readonly Row[], caption?: string): HTMLElement {
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '');
  return h(
    'table',
    { class: 'facts' },
    caption !== undefined && h('caption', {}, caption),
    h(
      'tbody',
      {},
      known.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value))),
    ),
  );
}

/** Where the picture looks, and how it is known. @param constellation its whole name */
export function solutionTable(
  { astrometry, solve }: SolvedResult,
  constellation: string | undefined,
): HTMLElement {
  const { quality, sources } = astrometry;
  const [width, height] = astrometry.fov_deg;
  const field: Row[] = [
    ['Right ascension', `${formatRa(astrometry.ra_center)}  (${trim(astrometry.ra_center, 5)}°)`],
    ['Declination', `${formatDec(astrometry.dec_center)}  (${trim(astrometry.dec_center, 5)}°)`],
    ['Constellation', constellation],
    ['Field', `${formatAngle(width)} × ${formatAngle(height)}`],
    ['Pixel scale', `${trim(astrometry.pixscale_arcsec, 3)}″ per pixel`],
    [
      'Up is',
      astrometry.display_up_deg === undefined ? undefined : `${trim(astrometry.display_up_deg, 2)}° E of N`,
    ],
    ['Orientation (CD)', `${trim(astrometry.orientation_deg, 2)}° E of N`],
    ['Mirrored', astrometry.mirrored === undefined ? undefined : astrometry.mirrored ? 'yes' : 'no'],
    ['Radius', astrometry.radius_deg === undefined ? undefined : formatAngle(astrometry.radius_deg)],
  ];
  const known: Row[] = [
    ['Stars found', numberOf(sources?.detected)],
    ['Stars matched', numberOf(sources?.matched)],
    ['Residual (rms)', quality?.rms_arcsec === undefined ? undefined : `${trim(quality.rms_arcsec, 2)}″`],
    ['Log odds', quality?.log_odds === undefined ? undefined : trim(quality.log_odds, 1)],
    ['Index', quality?.index],
    ['Solver', solve && [solve.solver, solve.version].filter(Boolean).join(' ')],
    ['Time', solve && formatSeconds(solve.seconds)],
  ];
  return h(
    'section',
    { class: 'panel' },
    table(field),
    table(known, 'How it is known'),
    attemptsTable(solve?.attempts ?? []),
  );
}

/** What was tried and how each try ended; nothing before the first has. */
export function attemptsTable(attempts: readonly Attempt[]): HTMLElement | false {
  const rows = attempts.map(
    ({ reason, outcome, seconds }): Row => [
      reason,
      `${outcome.replaceAll('_', ' ')}, ${formatSeconds(seconds)}`,
    ],
  );
  return rows.length > 0 && table(rows, 'Attempts');
}

const numberOf = (value: number | undefined) => (value === undefined ? undefined : String(value));
const unit = (value: number | undefined, name: string) =>
  value === undefined ? undefined : `${value} ${name}`;

/** When and with what it was taken. */
export function captureTable(capture: Capture | undefined): HTMLElement {
  const { gps, pointing, binning, pixel_size_um, image_width, image_height, sources, notes } = capture ?? {};
  const rows: Row[] = [
    ['Taken', capture?.datetime?.replace('T', ' ')],
    ['Taken (UTC)', capture?.datetime_utc?.replace('T', ' ').replace('Z', '')],
    ['Exposure', unit(capture?.exposure, 's')],
    ['ISO', numberOf(capture?.iso)],
    ['Gain', numberOf(capture?.gain)],
    ['Offset', numberOf(capture?.offset)],
    ['Aperture', capture?.f_number === undefined ? undefined : `f/${capture.f_number}`],
    ['Focal length', unit(capture?.focal_length_mm, 'mm')],
    ['Focal length, 35 mm', unit(capture?.focal_length_35mm, 'mm')],
    ['Camera', capture && cameraName(capture)],
    ['Lens', capture?.lens_model],
    ['Telescope', capture?.telescope],
    ['Filter', capture?.filter],
    ['Sensor temperature', unit(capture?.ccd_temp_c, '°C')],
    ['Binning', binning?.join(' × ')],
    ['Pixel size', pixel_size_um && `${pixel_size_um.join(' × ')} µm`],
    ['Object', capture?.object],
    ['Observer', capture?.observer],
    ['Software', capture?.software],
    [
      'Place',
      gps && `${trim(gps.lat, 5)}°, ${trim(gps.lon, 5)}°${gps.alt === undefined ? '' : `, ${gps.alt} m`}`,
    ],
    ['Mount claimed', pointing && `${formatRa(pointing.ra)}  ${formatDec(pointing.dec)}`],
    ['Image', image_width === undefined ? undefined : `${image_width} × ${image_height} pixels`],
  ];
  if (rows.every(([, value]) => !value)) {
    return h(
      'section',
      { class: 'panel' },
      h('p', { class: 'muted' }, 'The file says nothing about how it was taken.'),
    );
  }
  const origins = Object.entries(sources ?? {}).map(
    ([field, origin]): Row => [field.replaceAll('_', ' '), origin],
  );
  const from =
    origins.length > 0 && h('details', {}, h('summary', {}, 'Where each value came from'), table(origins));
  const leftOut =
    notes !== undefined &&
    h(
      'details',
      {},
      h('summary', {}, 'What could not be read'),
      table(notes.map(({ key, value, why }): Row => [key, `${value}: ${why}`])),
    );
  return h('section', { class: 'panel' }, table(rows), from, leftOut);
}
