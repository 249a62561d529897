import { constellationName } from '../catalog/constellation.js';
import type { FailedResult, JobResult, SolvedResult } from '../job/result.js';
import { formatAngle, formatDec, formatRa, formatUp } from '../wcs/angles.js';
import { GAP, labelled } from './layout.js';
import { printable } from './printable.js';
import { styled } from './style.js';

/** Objects that are named; the document has them all. */
const NAMED = 8;
const LABEL_WIDTH = 8;
const INDENT = 2;

/**
 * A result in words, for a terminal.
 * @param image as the user named it
 * @param folder where the job's files are, where that is a folder of this machine
 */
export function resultInWords(result: JobResult, image: string, folder?: string): string {
  const [title, rows] = result.ok ? solvedInWords(result, image) : failedInWords(result, image);
  return laidOut([title, folder === undefined ? rows : [...rows, ['files', folder]]]);
}

function laidOut([title, rows]: [title: string, rows: Rows]): string {
  const lines = rows.map(([label, text]) =>
    labelled(
      `${' '.repeat(INDENT)}${styled('dim', label.padEnd(LABEL_WIDTH + GAP))}`,
      printable(text),
      INDENT + LABEL_WIDTH + GAP,
    ),
  );
  return [title, ...lines].join('\n');
}

type Rows = readonly (readonly [label: string, text: string])[];

function solvedInWords(
  { filename, astrometry, capture, solve, image_quality, photometry }: SolvedResult,
  image: string,
): [title: string, rows: Rows] {
  const { ra_center, dec_center, fov_deg, pixscale_arcsec, orientation_deg, mirrored, subject } = astrometry;
  const { display_up_deg = orientation_deg } = astrometry;
  const { objects, sources, quality } = astrometry;
  const degrees = (value: number) => `${value.toFixed(4)}°`;
  const common = subject?.common_name === undefined ? '' : ` (${subject.common_name})`;
  const constellation = constellationName(ra_center, dec_center);
  const inside = subject?.name === constellation ? '' : `, in ${constellation}`;
  const shown = `${printable(subject === undefined ? filename : subject.name + common)}${inside}`;
  const seconds = solve && `${solve.seconds.toFixed(2)} s by ${solve.solver}`;
  const matched = sources?.matched === undefined ? undefined : `${sources.matched} stars matched`;
  const rms = quality?.rms_arcsec === undefined ? undefined : `rms ${quality.rms_arcsec.toFixed(2)}″`;
  const taken = [
    capture.datetime_utc ?? capture.datetime,
    capture.telescope,
    capture.camera_model,
    capture.exposure === undefined ? undefined : `${capture.exposure} s`,
  ];
  const notable = [...objects].sort((a, b) => (b.prominence ?? 0) - (a.prominence ?? 0)).slice(0, NAMED);
  const rows: (readonly [string, string | undefined])[] = [
    ['image', image],
    [
      'centre',
      `${formatRa(ra_center)}  ${formatDec(dec_center)}  (${degrees(ra_center)}, ${degrees(dec_center)})`,
    ],
    [
      'field',
      `${formatAngle(fov_deg[0])} × ${formatAngle(fov_deg[1])}, ${Number(pixscale_arcsec.toPrecision(4))}″ per pixel`,
    ],
    ['rotation', `${formatUp(display_up_deg)}${mirrored === true ? ', mirrored' : ''}`],
    ['taken', listed(taken)],
    ['solved', listed([seconds, matched, rms])],
    ['stars', listed([widthInWords(image_quality), depthInWords(photometry)])],
    ['shows', listed(notable.map(({ name }) => name))],
  ];
  return [`${styled('green', '✔')} ${styled('bold', shown)}`, rows.filter(isWritten)];
}

function widthInWords(quality: SolvedResult['image_quality']): string | undefined {
  if (quality?.fwhm_px === undefined || quality.fwhm_arcsec === undefined) return undefined;
  const { fwhm_px, fwhm_arcsec } = quality;
  return `${fwhm_px.toFixed(1)} px wide (${Number(fwhm_arcsec.toPrecision(2))}″ FWHM)`;
}

function depthInWords(photometry: SolvedResult['photometry']): string | undefined {
  if (photometry?.limiting_magnitude === undefined) return undefined;
  const { limiting_magnitude, band, linear } = photometry;
  return `to ${linear ? '' : 'about '}magnitude ${limiting_magnitude.toFixed(1)} (${band})`;
}

type Failure = Pick<FailedResult, 'error'> & { error_code: string };

/** Why there is no result, in words. @param image as the user named it */
export function failureInWords(failure: Failure, image: string): string {
  return laidOut(failedInWords(failure, image));
}

function failedInWords({ error, error_code }: Failure, image: string): [title: string, rows: Rows] {
  const rows: Rows = [
    ['why', error],
    ['code', error_code],
  ];
  return [`${styled('red', '✘')} ${styled('bold', printable(image))} was not solved`, rows];
}

function listed(parts: readonly (string | undefined)[]): string | undefined {
  return parts.filter((part) => part !== undefined).join(', ') || undefined;
}

function isWritten(row: readonly [string, string | undefined]): row is readonly [string, string] {
  return row[1] !== undefined;
}
