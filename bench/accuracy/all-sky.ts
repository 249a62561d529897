import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openImage } from '../../src/image/open.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { solveBuiltin } from './solve-builtin.js';

/** One image of manifest.json, of which the sky at one pixel is known (from 0, the first pixel's corner on top). */
interface Listed {
  file: string;
  truth?: { ra: number; dec: number; x?: number; y?: number };
}

/** Of a real all-sky image at its pixel, degrees. */
const MAX_OFF_DEG = 0.3;

/** Real all-sky images of a folder, whose manifest.json tells where a pixel of each looks: a section of docs/accuracy.md. */
export async function allSkySection(images: string): Promise<{ text: string; isGood: boolean }> {
  const manifest = JSON.parse(await readFile(join(images, 'manifest.json'), 'utf8')) as Listed[];
  const rows: string[] = [];
  let isGood = true;
  for (const { file, truth } of manifest) {
    if (truth?.x === undefined || truth.y === undefined) continue;
    const answer = await solveBuiltin(await openImage(join(images, file)));
    if (answer.kind === 'failed') {
      isGood = false;
      rows.push(`| ${file} | ${answer.code} | | | | |`);
    } else {
      const { wcs, report, quality } = answer;
      const off = separation(...pixelToSky(wcs, truth.x + 0.5, truth.y + 0.5), truth.ra, truth.dec);
      if (!(off <= MAX_OFF_DEG)) isGood = false;
      const { fit } = report;
      const isTrueToEdge = fit?.good_to_corners ? 'yes' : 'no';
      rows.push(
        `| ${file} | ${off.toFixed(3)}° | ${fit?.model} | ${fit?.stars} | ${quality.coverage?.toFixed(2)} | ${isTrueToEdge} |`,
      );
    }
    console.log(rows.at(-1));
  }
  const text = `Real images of all-sky cameras, solved by \`builtin\`, blind. How far the sky is off at the pixel whose place is known to some hundredths of a degree: a patch about it was unrolled to a
tangent plane and solved by plain \`solve-field\`.

| image | off | projection | stars | coverage | good to the edge |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
  return { text, isGood };
}
