/*
 * How far plate solutions are off, from the middle to the corners.
 *
 *     npm run accuracy -- lenses [--write]
 *     npm run accuracy -- photographs --images DIR --plain DIR [--write]
 *     npm run accuracy -- rendered [--fields 4] [--write]
 *     npm run accuracy -- hard [--pictures 12] [--write]
 *     npm run accuracy -- variants --images DIR [--write]
 *     npm run accuracy -- all-sky --images DIR [--write]
 *
 * `photographs` takes each image of a folder of which plain solve-field's solution is there as FILE.wcs in the other one; `rendered` runs
 * solve-field itself; `hard` renders pictures of the kinds that are hard to solve; `all-sky` takes the images of
 * DIR/manifest.json whose `truth` says where a pixel looks (ra, dec, x, y). `--write` puts the table into docs/accuracy.md. The exit status is 1 when a solution is worse than it should be.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { PackagedStars } from '../src/engine/packaged-stars.js';
import { allSkySection } from './accuracy/all-sky.js';
import { hardSection } from './accuracy/hard.js';
import { lensesSection } from './accuracy/lenses.js';
import { photographsSection } from './accuracy/photographs.js';
import { renderedSection } from './accuracy/rendered.js';
import { variantsSection } from './accuracy/variants.js';
import { replaceSection } from './shared/document.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string' },
    plain: { type: 'string' },
    fields: { type: 'string', default: '4' },
    pictures: { type: 'string', default: '12' },
    write: { type: 'boolean', default: false },
  },
});
const [what] = positionals;
const page = new URL('../docs/accuracy.md', import.meta.url);
const write = async (text: string) => {
  if (values.write && what) await replaceSection(page, what, text);
};

if (what === 'lenses') {
  const { text, isGood } = lensesSection();
  await write(text);
  exit(isGood ? 0 : 1);
}
if (what === 'rendered') {
  await write(await renderedSection(Number(values.fields)));
  exit(0);
}
if (what === 'variants' && values.images) {
  const { text, isGood } = await variantsSection(values.images);
  await write(text);
  exit(isGood ? 0 : 1);
}
if (what === 'all-sky' && values.images) {
  const { text, isGood } = await allSkySection(values.images);
  await write(text);
  exit(isGood ? 0 : 1);
}
const stars = new PackagedStars(readFileSync(new URL('../data/stars.bin', import.meta.url)));
if (what === 'hard') {
  const { text, isGood } = await hardSection(stars.catalog, Number(values.pictures));
  await write(text);
  exit(isGood ? 0 : 1);
}
if (what !== 'photographs' || !values.images || !values.plain)
  throw new Error(
    'Expected lenses, rendered, hard, variants or all-sky with --images DIR, or photographs with --images DIR and --plain DIR',
  );
const { text, plot, isGood } = await photographsSection(stars.catalog, values.images, values.plain);
await write(text);
if (values.write) await writeFile(new URL('../docs/images/accuracy-photographs.svg', import.meta.url), plot);
exit(isGood ? 0 : 1);
