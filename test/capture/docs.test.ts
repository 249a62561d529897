import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FITS_NUMBERS, FITS_TEXTS, keywordsOf } from '../../src/capture/fits-fields.js';
import { BAYER_PATTERNS, BINNINGS, BINNINGS_OF_BOTH, PIXEL_SIZES } from '../../src/capture/fits-sensor.js';
import { ALTITUDES, ALTITUDES_WITH_UNIT, SITES } from '../../src/capture/fits-site.js';
import { END_DATES, EXPOSURE_DATES, JULIAN_DATES } from '../../src/capture/fits-time.js';
import { POINTINGS } from '../../src/capture/pointing.js';

const DOCS = readFileSync(fileURLToPath(new URL('../../docs/result.md', import.meta.url)), 'utf8');
const pairs = (list: readonly { x: string; y: string }[]) =>
  list.flatMap(({ x, y }) => (x === y ? [x] : [x, y]));

it.each<[string, readonly string[]]>([
  ['datetime', [...EXPOSURE_DATES, ...JULIAN_DATES, ...END_DATES, 'DATE-LOC', 'DATE']],
  ...Object.entries(FITS_TEXTS),
  ...Object.entries(FITS_NUMBERS).map(([field, rule]): [string, string[]] => [field, keywordsOf(rule)]),
  ['bayer_pattern', BAYER_PATTERNS],
  ['binning', [...pairs(BINNINGS), ...BINNINGS_OF_BOTH]],
  ['pixel_size_um', pairs(PIXEL_SIZES)],
  ['gps', [...SITES.flat(), ...ALTITUDES, ...ALTITUDES_WITH_UNIT]],
  ['pointing', POINTINGS.flat()],
])('docs/result.md lists the keywords of %s in their order', (field, keywords) => {
  const row = DOCS.split('\n').find((line) => line.startsWith(`| \`${field}\` |`));
  const cell = row?.split('|')[4] ?? '';
  const listed = cell.match(/\b[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*\b/g) ?? [];
  expect(listed).toEqual(keywords);
});
