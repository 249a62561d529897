import { INDEX_SERIES, seriesName } from '../../solver/indexes/series.js';
import { table } from '../layout.js';
import { type Advice, bestFor, type SeriesAdvice } from './advice.js';
import type { FieldEstimate, KnownField } from './field.js';
import type { Installed } from './install.js';
import type { Inventory, StarSet } from './inventory.js';
import { angle, megabytes, span } from './text.js';

// What `astro-jobs indexes` says to people.

const quadsOf = ({ lower_arcmin, upper_arcmin }: { lower_arcmin: number; upper_arcmin: number }) =>
  span(lower_arcmin / 60, upper_arcmin / 60);

function skyOf({ pieces }: StarSet): string {
  return pieces ? `${pieces.present.length} of ${pieces.of} pieces` : 'all';
}

/** A table of the stars that are here, and where they are looked for. */
export function inventoryWords({ sets, damaged, folders, covered }: Inventory): string {
  const head = ['stars', 'quads', 'images', 'sky', 'files', 'size', 'folder'];
  const rows = sets.map((set) => [
    set.name,
    quadsOf(set),
    span(set.fields.low_deg, set.fields.high_deg),
    skyOf(set),
    String(set.files.length),
    megabytes(set.bytes),
    set.folder,
  ]);
  const widths = covered.map(({ low_deg, high_deg }) => span(low_deg, high_deg)).join(' and ');
  return [
    ...(sets.length > 0 ? table(rows, { head }) : ['No stars are here, so no field can be found.']),
    ...damaged.map(({ path, problem }) => `Damaged: ${path}: ${problem}`),
    ...(widths === '' ? [] : [`Images ${widths} wide can be found.`]),
    folders.length === 0
      ? 'No folder for index files is named; ASTRO_INDEX_DIRS names some.'
      : `Index files are looked for in ${folders
          .map(({ path, writable }) => `${path}${writable ? '' : ' (not writable)'}`)
          .join(', ')}.`,
  ].join('\n');
}

const STATES: Readonly<Record<SeriesAdvice['state'], string>> = {
  here: '✓ here',
  packaged: '✓ packaged stars stand for it',
  incomplete: '✗ pieces of the sky are missing',
  missing: '✗ missing',
};

const VERDICTS: Readonly<Record<Advice['verdict'], string>> = {
  good: 'Stars of the best sizes for it are here: nothing is to be installed.',
  possible: 'It can be found with what is here; the best sizes of quads are missing.',
  partly: 'What is here covers only some of these widths.',
  missing: 'No stars that are here can find it.',
};

const widthWords = ({ low_deg, high_deg, reason }: FieldEstimate) => `${span(low_deg, high_deg)} (${reason})`;

/** What a field of known width needs, what of it is here, and what to type. */
export function adviceWords(field: KnownField, advice: Advice): string {
  const [best, ...others] = field.estimates;
  const lines = [`The image is ${best ? widthWords(best) : 'of unknown width'} wide.`];
  if (others.length > 0) lines.push(`It may also be ${others.map(widthWords).join(', or ')} wide.`);
  if (field.position) lines.push(`It may lie near ${placeWords(field.position)}.`);
  const rows = advice.series.map(({ name, need, state, missing_files, ...quads }) => [
    `  ${name}`,
    quadsOf(quads),
    need,
    missing_files && missing_files > 1 ? `${STATES[state]} (${missing_files} files)` : STATES[state],
  ]);
  lines.push(...table(rows));
  if (rows.length === 0) lines.push('No index files are published for fields as narrow as this.');
  lines.push(VERDICTS[advice.verdict]);
  if (advice.install.length > 1)
    lines.push('To install what is missing (the first is the smallest, and often enough):');
  else if (advice.install.length > 0) lines.push('To install what is missing:');
  for (const { command, series } of advice.install) lines.push(`  $ ${command}   # ${series.join(', ')}`);
  return lines.join('\n');
}

const placeWords = ({ ra_deg, dec_deg, radius_deg, reason }: NonNullable<KnownField['position']>) =>
  `RA ${ra_deg.toFixed(2)}°, Dec ${dec_deg.toFixed(2)}°, ±${angle(radius_deg)} (${reason})`;

/** Nothing is known of the width: what is here, and which series is for which field. */
export function unknownWords({ notes }: KnownField, inventory: Inventory): string {
  return [
    'How wide the image is, is not known: its metadata give no scale.',
    ...notes,
    'Say it by --fov DEGREES or --scale ARCSEC_PER_PIXEL, or solve it with what is here:',
    inventoryWords(inventory),
    'Public series, by the images that they are best for:',
    ...table(
      INDEX_SERIES.map((series) => {
        const { low_deg, high_deg } = bestFor(series);
        const images = `images ${span(low_deg, Math.min(180, high_deg))}`;
        return [`  ${seriesName(series)}`, `quads ${quadsOf(series)}`, images, series.debian ?? series.url];
      }),
    ),
  ].join('\n');
}

/** What was copied, and whether solvers will find it. */
export function installedCopyWords({ folder, searched, files }: Extract<Installed, { by: 'copy' }>): string {
  const rows = files.map(({ path, bytes, sha256, compared_with, state }) => {
    const what = state === 'present' ? 'was there already' : 'installed';
    const compared = compared_with
      ? `as ${compared_with} says`
      : 'compared with nothing: no checksum was given or lies beside it';
    return `${path}: ${what}, ${megabytes(bytes)}\n    SHA-256 ${sha256}, ${compared}`;
  });
  const hint = `No solver looks into ${folder} yet: name it in ASTRO_INDEX_DIRS.`;
  return [...rows, ...(searched ? [] : [hint])].join('\n');
}
