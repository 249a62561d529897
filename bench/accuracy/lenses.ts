// biome-ignore-all lint/style/noNonNullAssertion: every group of fields has some.
import { fitField } from '../../src/engine/fit/fit-field.js';
import { fitWcs } from '../../src/wcs/fit.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { errorOver, HEIGHT, LENSES, lensField, WIDTH } from '../../test/engine/lenses.js';
import { quantile } from '../engine/bench.js';

const WIDTHS_DEG = [20, 60, 90, 120] as const;
const CORNERS_PX = [0, 5, 15, 30, 60] as const;
const NOISE_PX = 0.2;
const STARS = 200;
const ORDERS = [0, 2, 3, 4, 5] as const;

interface Outcome {
  rms_px: number;
  /** Over that of the best order: how far the solution is off where no star took part. */
  ratio: number;
  centre_px: number;
  scale: number;
  rotation_deg: number;
  cpu_ms: number;
  isGood: boolean;
}

/** Star lists behind lenses whose truth is known: a section of docs/accuracy.md. */
export function lensesSection(): { text: string; isGood: boolean } {
  const rows: string[] = [];
  let isGood = true;
  for (const lens of LENSES) {
    for (const width_deg of WIDTHS_DEG) {
      const outcomes = CORNERS_PX.map((corner_px, i) =>
        outcomeOf({ lens, width_deg, corner_px, seed: 1000 + i }),
      );
      const worst = (key: Exclude<keyof Outcome, 'isGood'>) => Math.max(...outcomes.map((one) => one[key]));
      const rms = quantile(
        outcomes.map(({ rms_px }) => rms_px),
        0.5,
      );
      if (worst('rms_px') > 0.3) isGood = false;
      rows.push(
        `| ${lens} | ${width_deg}° | ${rms.toFixed(2)} (${worst('rms_px').toFixed(2)}) | ${worst('ratio').toFixed(3)} | ${worst('centre_px').toFixed(2)} | ${(100 * worst('scale')).toFixed(4)} % | ${worst('rotation_deg').toFixed(4)}° | ${outcomes.filter((one) => one.isGood).length}/${outcomes.length} | ${quantile(
          outcomes.map(({ cpu_ms }) => cpu_ms),
          0.5,
        ).toFixed(1)} |`,
      );
      console.log(rows.at(-1));
    }
  }
  const text = `Star lists of ${STARS} stars in ${WIDTH} × ${HEIGHT} pixels, placed to ${NOISE_PX} pixels, with a third as many false ones, behind lenses that move the corners by
${CORNERS_PX.join(', ')} pixels. The fit grows from four stars near the middle. How far the solution is off over the whole picture, root mean square, median and worst in pixels; the
residuals at stars that took no part over those of the best order (worst); errors at the centre, of the scale and of the rotation (worst); how many are said to be good to the corners;
milliseconds of CPU of one fit (median).

| lens | width | rms | held out over best | centre px | scale | rotation | good to corners | CPU ms |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
  return { text, isGood };
}

function outcomeOf(
  options: Pick<Parameters<typeof lensField>[0], 'lens' | 'width_deg' | 'corner_px' | 'seed'>,
): Outcome {
  const field = lensField({ ...options, stars: STARS, noise_px: NOISE_PX });
  const { start, seeds, stars, reference, truth } = field;
  const solve = () => fitField(start, seeds, stars, reference, 5)!;
  const fit = solve();
  const before = process.cpuUsage().user;
  const repeats = 5;
  for (let i = 0; i < repeats; i++) solve();
  const cpu_ms = (process.cpuUsage().user - before) / 1000 / repeats;
  const pairs = {
    x: fit.matches.map((match) => stars.x[match.field]!),
    y: fit.matches.map((match) => stars.y[match.field]!),
    ra_deg: fit.matches.map((match) => reference.ra_deg[match.reference]!),
    dec_deg: fit.matches.map((match) => reference.dec_deg[match.reference]!),
  };
  // Stars that took no part are off by their own noise and by the solution.
  const heldOut = (wcs: Wcs) => Math.hypot(NOISE_PX * Math.SQRT2, errorOver(wcs, truth).rms_px);
  const best = Math.min(
    ...ORDERS.map((order) => heldOut(fitWcs(start, pairs, { order, sigma_px: NOISE_PX })!.wcs)),
  );
  const middle = [(WIDTH + 1) / 2, (HEIGHT + 1) / 2] as const;
  const scale = (wcs: Wcs) => Math.sqrt(Math.abs(wcs.cd[0][0] * wcs.cd[1][1] - wcs.cd[0][1] * wcs.cd[1][0]));
  const turn = (wcs: Wcs) => Math.atan2(wcs.cd[1][0], wcs.cd[0][0]);
  const turned = ((turn(fit.wcs) - turn(truth)) * 180) / Math.PI;
  return {
    rms_px: errorOver(fit.wcs, truth).rms_px,
    ratio: heldOut(fit.wcs) / best,
    centre_px: separation(...pixelToSky(fit.wcs, ...middle), ...pixelToSky(truth, ...middle)) / scale(truth),
    scale: Math.abs(scale(fit.wcs) / scale(truth) - 1),
    rotation_deg: Math.abs(((turned + 540) % 360) - 180),
    cpu_ms,
    isGood: fit.report.good_to_corners,
  };
}
