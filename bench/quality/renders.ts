import { measureSky, trueDepth } from '../../test/measure/measure.js';
import { renderKnownSky, type Shape } from '../../test/measure/rendered.js';
import { median } from '../shared/median.js';

const SHAPES: readonly Shape[] = [1.6, 2, 2.5, 3.3, 4.5, 7].flatMap((fwhm_px) =>
  [0, 0.15, 0.35].map((ellipticity, i) => ({ fwhm_px, ellipticity, angle_deg: [0, 30, 105][i] ?? 0 })),
);
const FIELDS = [
  { ra_deg: 305, dec_deg: 40, pixscale_arcsec: 12, limit_mag: 12 },
  { ra_deg: 84, dec_deg: -5, pixscale_arcsec: 6, limit_mag: 13 },
  { ra_deg: 190, dec_deg: 27, pixscale_arcsec: 20, limit_mag: 11 },
] as const;

/** How far each figure is off the truth of rendered skies: the median and the most. */
export async function rendersSection(): Promise<{ text: string; isGood: boolean }> {
  const off: Record<'fwhm' | 'ellipticity' | 'angle' | 'zero' | 'limit' | 'sky', number[]> = {
    ...{ fwhm: [], ellipticity: [], angle: [], zero: [], limit: [], sky: [] },
  };
  for (const [i, shape] of SHAPES.entries()) {
    for (const [j, field] of FIELDS.entries()) {
      const sky = renderKnownSky({ ...field, width: 1000, height: 800, shape, seed: 10 * i + j });
      const { quality, photometry, pixscale_arcsec } = await measureSky(sky);
      const truth = trueDepth(sky, pixscale_arcsec);
      off.fwhm.push(100 * Math.abs((quality.fwhm_px ?? Number.NaN) / shape.fwhm_px - 1));
      off.ellipticity.push(Math.abs((quality.ellipticity ?? Number.NaN) - shape.ellipticity));
      if (shape.ellipticity > 0.1) {
        const turn = Math.abs((quality.angle_deg ?? Number.NaN) - shape.angle_deg) % 180;
        off.angle.push(Math.min(turn, 180 - turn));
      }
      off.zero.push(Math.abs(photometry.zero_point - sky.zero_point));
      off.limit.push(Math.abs((photometry.limiting_magnitude ?? Number.NaN) - truth.limiting_magnitude));
      off.sky.push(Math.abs((photometry.sky?.magnitude_arcsec2 ?? Number.NaN) - truth.sky));
    }
  }
  const rows: [name: string, values: number[], allowed: number, decimals: number][] = [
    ['full width at half maximum, percent', off.fwhm, 3, 2],
    ['ellipticity', off.ellipticity, 0.03, 4],
    ['its angle where it is over 0.1, degrees', off.angle, 10, 2],
    ['zero point, mag', off.zero, 0.03, 4],
    ['limiting magnitude, mag', off.limit, 0.15, 4],
    ['sky, mag/arcsec²', off.sky, 0.05, 4],
  ];
  const lines = rows.map(
    ([name, values, allowed, decimals]) =>
      `| ${name} | ${median(values).toFixed(decimals)} | ${Math.max(...values).toFixed(decimals)} | ${allowed} |`,
  );
  return {
    text: [
      `${SHAPES.length * FIELDS.length} rendered skies of 1000 × 800 pixels, stars 1.6 to 7 pixels wide, round and elliptical:`,
      '',
      '| off the truth | median | most | allowed |',
      '| --- | --- | --- | --- |',
      ...lines,
    ].join('\n'),
    isGood: rows.every(([, values, allowed]) => Math.max(...values) <= allowed),
  };
}
