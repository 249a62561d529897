import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { binningOf } from '../../src/analysis/measuring.js';
import { readImage } from '../../src/decoding/reading.js';
import { measuredPlane } from '../../src/decoding/star-work.js';
import { imageFits } from '../../src/fits/write.js';
import type { GreyImage } from '../../src/image/image.js';
import { measureStars } from '../../src/measure/measure-stars.js';
import { FLAGS } from '../../src/measure/measurement.js';
import { wellMeasured, widthsOf } from '../../src/measure/shape.js';
import { detectStars } from '../../src/stars/detect.js';
import { Neighbours } from '../../src/stars/neighbours.js';
import { usualShrink } from '../../src/stars/shrink.js';
import { median } from '../shared/median.js';
import { halfMaximum } from './half-maximum.js';

const PARAMETERS = ['X_IMAGE', 'Y_IMAGE', 'FLUX_APER', 'FLUXERR_APER', 'FWHM_IMAGE', 'FLAGS'] as const;
/** Stars of both within this distance are one. */
const SAME_PX = 1;
const LEAST_SNR = 100;
/** An image with fewer stars in common says nothing, nor with fewer bright ones. */
const FEWEST = 5;
const FEWEST_BRIGHT = 3;
/** Of narrower stars the half maximum of the stack depends on how well they are centred: pixels of the plane. */
const NARROW_PX = 2;

interface Extracted {
  x: number;
  y: number;
  flux: number;
  error: number;
  fwhm: number;
  flags: number;
}

/** Against source-extractor, on the same pixels and stars, in the same circles; an image a line. */
export async function sourceExtractorSection(
  paths: readonly string[],
): Promise<{ text: string; isGood: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'quality-bench-'));
  const lines: string[] = [];
  const [ours, theirWidths, offsets, apart]: [number[], number[], number[], number[]] = [[], [], [], []];
  try {
    for (const path of paths) {
      const { widthOurs, widthTheirs, ratio, halfWidth, common, bright, off, binning } = await compared(
        path,
        folder,
      );
      const counts = common >= FEWEST && widthOurs >= NARROW_PX * binning && !Number.isNaN(halfWidth);
      const percent = (width: number) => (common < FEWEST ? '' : numbers(100 * (width / halfWidth - 1), 1));
      lines.push(
        `| ${basename(path)} | ${common} | ${numbers(widthOurs, 2)} | ${numbers(widthTheirs, 2)} | ${numbers(halfWidth, 2)} | ${percent(widthOurs)} | ${percent(widthTheirs)} | ${bright} | ${bright < FEWEST_BRIGHT ? '' : numbers(off, 4)} |`,
      );
      if (counts) {
        ours.push(Math.abs(widthOurs / halfWidth - 1));
        theirWidths.push(Math.abs(widthTheirs / halfWidth - 1));
      }
      if (common >= FEWEST) apart.push(Math.abs(ratio - 1));
      if (bright >= FEWEST_BRIGHT) offsets.push(Math.abs(off));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const spread = (offs: readonly number[]) =>
    `${(100 * median(offs)).toFixed(1)} % in the median and ${(100 * Math.max(...offs)).toFixed(1)} % at most`;
  const text = [
    `Magnitudes of stars with a signal of 100 times the noise differ from source-extractor's in the same circles by ${median(offsets).toFixed(4)} in the median of ${offsets.length} photographs, and ${Math.max(...offsets).toFixed(4)} at most.`,
    `Widths of ${apart.length} photographs differ from FWHM_IMAGE by ${spread(apart)}, by 10 % or less in ${apart.filter((off) => off <= 0.1).length}.`,
    `From the half maximum of the stacked stars of ${ours.length} photographs with stars of ${NARROW_PX} pixels or more, our widths differ by ${spread(ours)}, those of source-extractor by ${spread(theirWidths)}.`,
    '',
    '| photograph | stars in common | ours, px | theirs, px | half maximum, px | ours off, % | theirs off, % | bright stars | magnitude against theirs |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
  return { text, isGood: median(apart) <= 0.1 && median(offsets) <= 0.02 };
}

const numbers = (value: number, decimals: number) => (Number.isNaN(value) ? '' : value.toFixed(decimals));

/** One photograph: median widths of the stars in common, pixels of the image, and magnitudes of the bright ones. */
async function compared(path: string, folder: string) {
  const { image, capture } = await readImage(path, {});
  const binning = binningOf({ image, capture });
  const shrink = usualShrink(image.width, image.height, 2);
  const detected = await detectStars(await image.grey(shrink), image);
  const found = detected.map(({ x, y, peak, area }) => ({
    ...{ x, y, peak },
    width_px: 2 * Math.sqrt(area / Math.PI) * shrink,
  }));
  const grey = await measuredPlane(image, binning);
  const measurement = await measureStars(grey, found, image);
  const { stars, aperture_px } = measurement;
  const theirs = extract(folder, grey, (2 * aperture_px) / binning, measurement.saturation.level);
  const near = new Neighbours(
    theirs.map(({ x }) => x),
    theirs.map(({ y }) => y),
    8,
  );
  const own = widthsOf(stars);
  const inPlane = (at: number) => (at - 0.5) / binning + 0.5;
  const pairs = wellMeasured(measurement).flatMap((i) => {
    const same = near.nearest(inPlane(stars.x[i]!), inPlane(stars.y[i]!), SAME_PX);
    const their = same && theirs[same.index];
    if (their?.flags !== 0 || (stars.flags[i]! & FLAGS.saturated) !== 0 || !(their.flux > 0)) return [];
    return [
      {
        ...{ ours: own[i]!, theirs: their.fwhm * binning, snr: their.flux / their.error },
        off: -2.5 * Math.log10(stars.flux[i]! / (their.flux * binning ** 2)),
      },
    ];
  });
  const bright = pairs.filter(({ snr }) => snr > LEAST_SNR);
  return {
    ...{ binning, common: pairs.length, bright: bright.length },
    widthOurs: median(pairs.map((pair) => pair.ours)),
    widthTheirs: median(pairs.map((pair) => pair.theirs)),
    ratio: median(pairs.map((pair) => pair.ours / pair.theirs)),
    halfWidth: halfMaximum(grey, measurement),
    off: median(bright.map((pair) => pair.off)),
  };
}

function extract(folder: string, grey: GreyImage, diameter: number, saturation: number): Extracted[] {
  const { width, height } = grey;
  const [image, catalogue, parameters] = ['image.fits', 'stars.cat', 'parameters'].map((name) =>
    join(folder, name),
  );
  if (!image || !catalogue || !parameters) throw new TypeError('There are three names');
  writeFileSync(
    image,
    Buffer.concat([...imageFits({ width, height, planes: [Float32Array.from(grey.data)] })]),
  );
  writeFileSync(parameters, `${PARAMETERS.join('\n')}\n`);
  const settings = {
    CATALOG_NAME: catalogue,
    CATALOG_TYPE: 'ASCII',
    PARAMETERS_NAME: parameters,
    FILTER: 'N',
    DETECT_THRESH: 5,
    DETECT_MINAREA: 4,
    PHOT_APERTURES: diameter,
    SATUR_LEVEL: Number.isFinite(saturation) ? saturation : 1e9,
    GAIN: 0,
    BACK_SIZE: 32,
    VERBOSE_TYPE: 'QUIET',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`-${name}`, String(value)]);
  execFileSync('source-extractor', [image, '-c', '/usr/share/source-extractor/default.sex', ...flags], {
    cwd: folder,
  });
  return readFileSync(catalogue, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [x = 0, y = 0, flux = 0, error = 1, fwhm = 0, flag = 0] = line.trim().split(/\s+/).map(Number);
      return { x, y, flux, error, fwhm, flags: flag };
    });
}
