import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { imageFits } from '../../src/fits/write.js';
import type { GreyImage } from '../../src/image/image.js';
import { openImage } from '../../src/image/open.js';
import { measureStars } from '../../src/measure/measure-stars.js';
import { FLAGS } from '../../src/measure/measurement.js';
import { Neighbours } from '../../src/measure/neighbours.js';
import { wellMeasured, widthsOf } from '../../src/measure/shape.js';
import { detectStars } from '../../src/stars/detect.js';
import { usualShrink } from '../../src/stars/shrink.js';
import { median } from '../shared/median.js';

const PARAMETERS = ['X_IMAGE', 'Y_IMAGE', 'FLUX_APER', 'FLUXERR_APER', 'FWHM_IMAGE', 'FLAGS'] as const;
/** Stars of both within this distance are one. */
const SAME_PX = 1;
const LEAST_SNR = 100;
/** An image with fewer stars in common says nothing. */
const FEWEST = 5;

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
  const [widths, offsets]: [number[], number[]] = [[], []];
  try {
    for (const path of paths) {
      const image = await openImage(path);
      const shrink = usualShrink(image.width, image.height, 2);
      const detected = await detectStars(await image.grey(shrink), image);
      const found = detected.map(({ x, y, peak, area }) => ({
        x,
        y,
        peak,
        width_px: 2 * Math.sqrt(area / Math.PI) * shrink,
      }));
      const grey = await image.grey(1);
      const measurement = await measureStars(grey, found, image);
      const { stars, aperture_px } = measurement;
      const theirs = extract(folder, grey, 2 * aperture_px, measurement.saturation.level);
      const near = new Neighbours(
        theirs.map(({ x }) => x),
        theirs.map(({ y }) => y),
        8,
      );
      const own = widthsOf(stars);
      const pairs = wellMeasured(measurement).flatMap((i) => {
        const same = near.nearest(stars.x[i]!, stars.y[i]!, SAME_PX);
        const their = same && theirs[same.index];
        return their && their.flags === 0 && (stars.flags[i]! & FLAGS.saturated) === 0 && their.flux > 0
          ? [
              {
                ratio: own[i]! / their.fwhm,
                snr: their.flux / their.error,
                off: -2.5 * Math.log10(stars.flux[i]! / their.flux),
              },
            ]
          : [];
      });
      const bright = pairs.filter(({ snr }) => snr > LEAST_SNR);
      const ratio = median(pairs.map((pair) => pair.ratio));
      const off = median(bright.map((pair) => pair.off));
      const middle = median(wellMeasured(measurement).map((i) => own[i]!));
      const numbers = (value: number, decimals: number) =>
        Number.isNaN(value) ? '' : value.toFixed(decimals);
      lines.push(
        `| ${basename(path)} | ${pairs.length} | ${numbers(middle, 2)} | ${pairs.length < FEWEST ? '' : numbers(100 * (ratio - 1), 1)} | ${bright.length} | ${bright.length < FEWEST ? '' : numbers(off, 4)} |`,
      );
      if (pairs.length >= FEWEST) widths.push(Math.abs(ratio - 1));
      if (bright.length >= FEWEST) offsets.push(Math.abs(off));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const text = [
    `Against source-extractor on the same pixels, stars and circles: widths differ by ${(100 * median(widths)).toFixed(1)} % in the middle of ${widths.length} photographs and ${(100 * Math.max(...widths)).toFixed(1)} % at most, magnitudes of stars with a signal of 100 times the noise by ${median(offsets).toFixed(4)} in the middle of ${offsets.length} and ${Math.max(...offsets).toFixed(4)} at most.`,
    '',
    '| photograph | stars in common | width, px | width against theirs, % | bright stars | magnitude against theirs |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
  return { text, isGood: widths.every((off) => off <= 0.1) && offsets.every((off) => off <= 0.02) };
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
