// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLOT_COLOURS } from '../../src/calibration/radius-plot.js';
import type { StarCatalog } from '../../src/engine/star-catalog.js';
import { parseHeader } from '../../src/fits/header.js';
import { openImage } from '../../src/image/open.js';
import { detectStars } from '../../src/stars/detect.js';
import { shrinksOf } from '../../src/stars/shrink.js';
import type { Star } from '../../src/stars/star.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { DEG, separation } from '../../src/wcs/sphere.js';
import { pixelToSky, skyToPixels } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { quantile } from '../engine/bench.js';
import { type Curve, residualPlot } from './plot.js';
import { solveBuiltin } from './solve-builtin.js';

/** A star of the catalogue without one of the image within this counts as this far off, pixels. */
const MAX_OFF_PX = 5;
const BANDS = 9;

/**
 * Photographs, each with the solution of plain solve-field as FILE.wcs in another folder: how far catalogue stars are from detected ones by the
 * distance from the middle, under either solution.
 */
export async function photographsSection(
  catalog: StarCatalog,
  images: string,
  plain: string,
): Promise<{ text: string; plot: string; isGood: boolean }> {
  const rows: string[] = [];
  const all = { ours: [] as Off[], plain: [] as Off[] };
  let worse = 0;
  for (const file of (await readdir(images)).sort()) {
    const solution = join(plain, `${file}.wcs`);
    if (!existsSync(solution)) continue;
    const wcs = parseWcs(parseHeader(await readFile(solution)));
    const image = await openImage(join(images, file));
    const finest = Math.min(...shrinksOf(image.width, image.height, 2));
    const stars = await detectStars(await image.grey(finest), image, { sigmas: 5 });
    const answer = await solveBuiltin(image);
    if (answer.kind === 'failed') {
      worse++;
      rows.push(`| ${file} | not solved | | | | | |`);
      continue;
    }
    const places = brightStars(catalog, wcs);
    const [ours, theirs] = [offs(answer.wcs, places, stars), offs(wcs, places, stars)];
    all.ours.push(...ours);
    all.plain.push(...theirs);
    const medians = [ours, theirs].map((off) =>
      [0, 1, 2].map((third) => medianBetween(off, third / 3, (third + 1) / 3)),
    );
    const isWorse = medians[0]!.some((ours, third) => ours > 0.3 && ours > medians[1]![third]! + 0.1);
    if (isWorse) worse++;
    const cells = medians.map((three) => three.map((value) => value.toFixed(2)).join(' / '));
    const { fit } = answer.report;
    rows.push(
      `| ${file} | ${ours.length} | ${cells[1]} | ${cells[0]}${isWorse ? ' (worse)' : ''} | ${fit?.order} | ${fit?.corner_distortion_px?.toFixed(1)} | ${fit?.good_to_corners ? 'yes' : 'no'} |`,
    );
    console.log(rows.at(-1));
  }
  const curve = (name: string, colour: string, off: Off[]): Curve => ({
    name,
    colour,
    points: Array.from({ length: BANDS }, (_, band) => [
      (band + 0.5) / BANDS,
      medianBetween(off, band / BANDS, (band + 1) / BANDS),
    ]),
  });
  const text = `Photographs that plain \`solve-field --downsample 2\` solves, solved by \`builtin\`, blind. Catalogue stars down to magnitude 4.6 + 4.4·log₁₀(50° / width), at most 12, against the nearest
star that is detected in the picture, shrunk as little as stars are looked for in, the same list for both; none within ${MAX_OFF_PX} pixels counts as ${MAX_OFF_PX}. Medians in pixels, by thirds of the radius from the middle to the
corners. ${rows.length - worse} of ${rows.length} are in each third at most 0.1 pixels worse than plain, or within 0.3 pixels.

![Residuals by radius](images/accuracy-photographs.svg)

| photograph | stars | plain | ours | order | corner px | good to corners |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
  const curves = [
    curve('plain solve-field', PLOT_COLOURS.first, all.plain),
    curve('Astro Jobs', PLOT_COLOURS.second, all.ours),
  ];
  return {
    text,
    plot: residualPlot('Catalogue stars to detected ones, median over photographs', curves),
    isGood: worse === 0,
  };
}

/** How far off a star of the catalogue is, and where: half diagonals from the middle. */
interface Off {
  radius: number;
  off_px: number;
}

/** Brightest stars of the catalogue about an image. */
function brightStars({ data }: StarCatalog, wcs: Wcs): { ra_deg: Float64Array; dec_deg: Float64Array } {
  const [cx, cy] = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
  const middle = pixelToSky(wcs, cx, cy);
  const width_deg = 2 * separation(...middle, ...pixelToSky(wcs, 1, cy));
  const radius_deg = 1.15 * separation(...middle, ...pixelToSky(wcs, 1, 1));
  const limit = Math.min(12, 4.6 + 4.4 * Math.log10(50 / width_deg));
  const [ra, dec] = [[] as number[], [] as number[]];
  for (let star = 0; star < data.magnitudes.length && data.magnitudes[star]! <= limit; star++) {
    const [x, y, z] = data.vectors.subarray(3 * star, 3 * star + 3);
    const place = [Math.atan2(y!, x!) * DEG, Math.asin(z!) * DEG] as const;
    if (separation(...middle, ...place) > radius_deg) continue;
    ra.push(place[0]);
    dec.push(place[1]);
  }
  return { ra_deg: Float64Array.from(ra), dec_deg: Float64Array.from(dec) };
}

function offs(wcs: Wcs, places: ReturnType<typeof brightStars>, stars: readonly Star[]): Off[] {
  const { x, y } = skyToPixels(wcs, places.ra_deg, places.dec_deg);
  const { width, height } = wcs;
  const half = Math.hypot(width, height) / 2;
  const found: Off[] = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    if (!(px > 0.5 && py > 0.5 && px < width + 0.5 && py < height + 0.5)) continue;
    const nearest = stars.reduce(
      (least, star) => Math.min(least, Math.hypot(star.x - px, star.y - py)),
      MAX_OFF_PX,
    );
    found.push({ radius: Math.hypot(px - (width + 1) / 2, py - (height + 1) / 2) / half, off_px: nearest });
  }
  return found;
}

function medianBetween(offs: readonly Off[], from: number, to: number): number {
  return quantile(
    offs.filter(({ radius }) => radius >= from && radius < to).map(({ off_px }) => off_px),
    0.5,
  );
}
