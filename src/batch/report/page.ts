import { escapeXml } from '../../annotate/svg.js';
import { formatDec, formatRa } from '../../wcs/angles.js';
import type { BatchRow } from '../row.js';
import { type Plot, plotSvg } from './plot.js';
import { plotsOf } from './plots.js';
import { REPORT_STYLE } from './style.js';
import { inTime, type Timed } from './times.js';

/** More pictures than this are not listed one by one: the tables beside the report have them. */
const MOST_LISTED = 1000;
/** Of those that were not solved. */
const MOST_FAILED = 200;

/** The report of a folder: one page that needs nothing else. */
export function reportPage(folder: string, rows: readonly BatchRow[]): string {
  const timed = inTime(rows);
  const plots = plotsOf(timed);
  const failed = rows.filter(({ ok }) => !ok);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(folder)} · Astro Jobs</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header><h1>${escapeXml(folder)}</h1><p>${escapeXml(period(timed))}</p></header>
<main>
${figures(rows, failed.length)}
${plots.length > 0 ? plots.map((plot) => plotSection(plot, spanOf(timed))).join('\n') : withoutPlots(rows)}
${failed.length > 0 ? failures(failed) : ''}
${listing(inOrder(rows, timed))}
</main>
<footer>Made by Astro Jobs · <code>table.csv</code> and <code>table.jsonl</code> beside this page have every figure.</footer>
</body>
</html>
`;
}

/** As they were taken; those of which that is not known, and duplicates, behind them. */
function inOrder(rows: readonly BatchRow[], timed: readonly Timed[]): BatchRow[] {
  const known = new Set(timed.map(({ row }) => row));
  return [...known, ...rows.filter((row) => !known.has(row))];
}

function period(timed: readonly Timed[]): string {
  const [first, last] = [timed[0]?.row.datetime, timed.at(-1)?.row.datetime];
  if (first === undefined || last === undefined) return 'The pictures do not say when they were taken.';
  const words = (datetime: string) => datetime.replace('T', ' ').replace(/(?::\d\d)(?:\.\d+)?Z?$/, '');
  const zone = timed.every(({ row }) => row.datetime?.endsWith('Z')) ? ' UTC' : '';
  return first === last ? words(first) + zone : `${words(first)} to ${words(last)}${zone}`;
}

const spanOf = (timed: readonly Timed[]): [number, number] => [timed[0]?.at ?? 0, timed.at(-1)?.at ?? 0];

function withoutPlots(rows: readonly BatchRow[]): string {
  if (!rows.some(({ ok }) => ok)) return '';
  return '<p class="quiet">There is nothing to plot: no picture that was solved says when it was taken.</p>';
}

function median(rows: readonly BatchRow[], of: (row: BatchRow) => number | undefined): number | undefined {
  const values = rows.map(of).filter((value) => value !== undefined);
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function figures(rows: readonly BatchRow[], failed: number): string {
  const exposure = rows.reduce(
    (sum, { exposure_s, duplicate_of }) => sum + (duplicate_of ? 0 : (exposure_s ?? 0)),
    0,
  );
  const duplicates = rows.filter(({ duplicate_of }) => duplicate_of !== undefined).length;
  const [fwhm, sky] = [
    median(rows, ({ fwhm_arcsec }) => fwhm_arcsec),
    median(rows, (row) => row.sky_mag_arcsec2),
  ];
  const shown: [label: string, value: string | undefined][] = [
    ['pictures', count(rows.length)],
    ['solved', count(rows.length - failed)],
    ['not solved', failed === 0 ? undefined : count(failed)],
    ['duplicates', duplicates === 0 ? undefined : count(duplicates)],
    ['exposure', exposure === 0 ? undefined : hours(exposure)],
    ['median FWHM', fwhm === undefined ? undefined : `${fwhm.toFixed(2)}″`],
    ['median sky', sky === undefined ? undefined : `${sky.toFixed(2)} mag/″²`],
  ];
  const tiles = shown.filter(([, value]) => value !== undefined);
  return `<dl class="figures">${tiles.map(([label, value]) => `<div><dt>${label}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

const count = (value: number) => value.toLocaleString('en');

function hours(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function plotSection(plot: Plot, span: readonly [number, number]): string {
  const legend =
    plot.series.length > 1
      ? plot.series.map(({ name }, index) => `<span class="key s${index}">${name}</span>`).join('')
      : '';
  const note = plot.note === undefined ? '' : ` <span class="quiet">${plot.note}</span>`;
  return `<section><h2>${plot.title} <small>${plot.unit}</small>${legend}${note}</h2>${plotSvg(plot, span)}</section>`;
}

function failures(failed: readonly BatchRow[]): string {
  const lines = failed
    .slice(0, MOST_FAILED)
    .map(
      ({ file, error = '' }) =>
        `<tr><td>${escapeXml(file)}</td><td class="words">${escapeXml(error)}</td></tr>`,
    );
  const more =
    failed.length > MOST_FAILED ? `<p class="quiet">and ${count(failed.length - MOST_FAILED)} more</p>` : '';
  return `<section><h2>Not solved</h2><div class="wide"><table><tbody>${lines.join('')}</tbody></table></div>${more}</section>`;
}

const LISTED: [label: string, text: (row: BatchRow) => string][] = [
  ['picture', ({ file }) => file],
  ['taken', ({ datetime = '' }) => datetime.slice(11, 19)],
  [
    'centre',
    (row) =>
      row.ra_deg === undefined ? '' : `${formatRa(row.ra_deg, 1 / 240)} ${formatDec(row.dec_deg ?? 0)}`,
  ],
  ['rotation', ({ rotation_deg }) => (rotation_deg === undefined ? '' : `${rotation_deg.toFixed(1)}°`)],
  ['FWHM', ({ fwhm_arcsec }) => (fwhm_arcsec === undefined ? '' : `${fwhm_arcsec.toFixed(2)}″`)],
  ['sky', ({ sky_mag_arcsec2 }) => sky_mag_arcsec2?.toFixed(2) ?? ''],
  ['stars', ({ stars_detected }) => String(stars_detected ?? '')],
  [
    'shows',
    ({ duplicate_of, object_names = '' }) => (duplicate_of ? `the same as ${duplicate_of}` : object_names),
  ],
];

function listing(rows: readonly BatchRow[]): string {
  const solved = rows.filter(({ ok }) => ok);
  if (solved.length === 0) return '';
  if (solved.length > MOST_LISTED) {
    return `<p class="quiet">The ${count(solved.length)} pictures that were solved are in the tables beside this page.</p>`;
  }
  const columns = LISTED.filter(([, text]) => solved.some((row) => text(row) !== ''));
  const head = columns.map(([label]) => `<th>${label}</th>`).join('');
  const lines = solved.map((row) => {
    const cells = columns.map(
      ([label, text]) => `<td${label === 'shows' ? ' class="words"' : ''}>${escapeXml(text(row))}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<section><h2>Pictures</h2><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table></div></section>`;
}
