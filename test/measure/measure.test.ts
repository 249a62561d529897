import { describe, expect, it } from 'vitest';
import { measureSky, trueDepth } from './measure.js';
import { type KnownSkyOptions, renderKnownSky } from './rendered.js';

const FIELD: KnownSkyOptions = {
  ...{ ra_deg: 305, dec_deg: 40, width: 800, height: 600, pixscale_arcsec: 12 },
  ...{ limit_mag: 12, shape: { fwhm_px: 2.6, ellipticity: 0, angle_deg: 0 } },
};

describe('a rendered sky is measured as it was drawn', () => {
  it.each([
    { fwhm_px: 2, ellipticity: 0, angle_deg: 0 },
    { fwhm_px: 2.6, ellipticity: 0.2, angle_deg: 35 },
    { fwhm_px: 4.5, ellipticity: 0.35, angle_deg: 120 },
  ])('$fwhm_px px, 1 − b/a $ellipticity', async (shape) => {
    const sky = renderKnownSky({ ...FIELD, shape });
    const { quality, photometry, pixscale_arcsec } = await measureSky(sky);
    const truth = trueDepth(sky, pixscale_arcsec);
    expect(quality.fwhm_px! / shape.fwhm_px).toBeGreaterThan(0.97);
    expect(quality.fwhm_px! / shape.fwhm_px).toBeLessThan(1.03);
    expect(Math.abs(quality.ellipticity! - shape.ellipticity)).toBeLessThan(0.03);
    if (shape.ellipticity > 0.1) expect(Math.abs(quality.angle_deg! - shape.angle_deg)).toBeLessThan(10);
    else expect(quality.angle_deg).toBeUndefined();
    expect(Math.abs(photometry.zero_point - sky.zero_point)).toBeLessThan(0.03);
    expect(Math.abs(photometry.limiting_magnitude! - truth.limiting_magnitude)).toBeLessThan(0.15);
    expect(Math.abs(photometry.sky!.magnitude_arcsec2 - truth.sky)).toBeLessThan(0.05);
    expect(photometry).toMatchObject({ linear: true, band: 'VT' });
    expect(quality.background!.noise! / (sky.noise * 65_535)).toBeCloseTo(1, 1);
  });

  it('tells where stars are wider', async () => {
    const tilted = renderKnownSky({ ...FIELD, widening: (u) => 1 + 0.1 * u });
    const { quality } = await measureSky(tilted);
    expect(quality.tilt!.percent).toBeGreaterThan(14);
    expect(quality.tilt!.percent).toBeLessThan(26);
    expect(Math.cos((quality.tilt!.toward_deg! * Math.PI) / 180)).toBeGreaterThan(0.95);
    expect(quality.summary).toMatch(/wider at the right .*\(tilt\); there is no curvature/);
  });

  it('tells a gradient and its direction', async () => {
    const { quality } = await measureSky(renderKnownSky({ ...FIELD, gradient: [0, 0.006] }));
    expect(quality.background!.gradient_percent).toBeGreaterThan(17);
    expect(quality.background!.gradient_percent).toBeLessThan(23);
    expect(quality.background!.gradient_toward_deg).toBeGreaterThan(80);
    expect(quality.background!.gradient_toward_deg).toBeLessThan(100);
  });

  it('tells how far stars are drawn out, and what the sky would do', async () => {
    const sky = renderKnownSky({ ...FIELD, shape: { fwhm_px: 3, ellipticity: 0.3, angle_deg: 90 } });
    const { quality } = await measureSky(sky, { exposure: 10 });
    // Of a Gaussian as wide as the short axis, with a line of this length.
    const variance = (3 / 2.3548) ** 2 * (1 / 0.7 - 0.7);
    expect(quality.trailing!.length_px / Math.sqrt(12 * variance)).toBeCloseTo(1, 1);
    expect(Math.sin((quality.trailing!.position_angle_deg * Math.PI) / 180)).toBeLessThan(0.2);
    expect(quality.trailing!.sidereal!.length_arcsec).toBeCloseTo(150.41 * Math.cos((40 * Math.PI) / 180), 0);
  });
});

describe('candidates', () => {
  const wide: KnownSkyOptions = { ...FIELD, width: 1200, height: 900, pixscale_arcsec: 20, limit_mag: 11 };

  it('are none in a sky of the catalogue', async () => {
    const { candidates } = await measureSky(renderKnownSky(wide));
    expect(candidates).toEqual([]);
  });

  it('are a bright star that the catalogue has not', async () => {
    const nova = { ra_deg: 306.1, dec_deg: 41.2, mag: 6.5 };
    const { candidates } = await measureSky(renderKnownSky({ ...wide, strangers: [nova] }));
    expect(candidates).toHaveLength(1);
    const [found] = candidates as Exclude<typeof candidates, string>;
    expect(found!.ra_deg).toBeCloseTo(nova.ra_deg, 2);
    expect(found!.dec_deg).toBeCloseTo(nova.dec_deg, 2);
    expect(Math.abs(found!.magnitude - nova.mag)).toBeLessThan(0.15);
  });
});
