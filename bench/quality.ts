/*
 * How true the figures of docs/quality.md are, and what they cost.
 *
 *     npm run quality -- renders [--write]
 *     npm run quality -- photographs --images DIR
 *     npm run quality -- time --images DIR [--rounds 5]
 *     npm run quality -- elements
 *
 * `photographs` needs Debian's source-extractor; it takes the images of a folder in which it finds stars. `time` solves them with and without measuring, in turns. `elements` looks through a file as large as MPCORB.
 * `renders --write` puts its table into docs/quality.md. The exit status is 1 when a figure is worse than it should be.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { elementsSection } from './quality/elements.js';
import { rendersSection } from './quality/renders.js';
import { sourceExtractorSection } from './quality/source-extractor.js';
import { timeSection } from './quality/time.js';
import { replaceSection } from './shared/document.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});
const [what] = positionals;
const images = () => {
  const folder = values.images;
  if (folder === undefined) throw new Error('Expected --images DIR');
  return readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|fits?|fits\.fz|bmp|webp|tif|xisf)$/i.test(name))
    .filter((name) => !/^(bad_|deriv_|misnamed_)/.test(name))
    .map((name) => join(folder, name));
};
const sections: Record<string, () => Promise<{ text: string; isGood: boolean }>> = {
  renders: rendersSection,
  photographs: () => sourceExtractorSection(images()),
  time: () => timeSection(images(), Number(values.rounds)),
  elements: elementsSection,
};
const section = sections[what ?? ''];
if (!what || !section) throw new Error(`Expected ${Object.keys(sections).join(', ')}`);
const { text, isGood } = await section();
console.log(text);
if (values.write && what === 'renders')
  await replaceSection(new URL('../docs/quality.md', import.meta.url), what, text);
exit(isGood ? 0 : 1);
