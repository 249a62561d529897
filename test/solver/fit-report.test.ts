import { fileURLToPath } from 'node:url';
import { analyze, lensFitSchema } from 'astro-jobs';
import { expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const BOUNDS = { scale_low: 10, scale_high: 20, timeout: 60 };

it.each(['builtin', 'solve-field'])('%s says what was fitted, and how good it is', async (solver) => {
  const result = await analyze(EXAMPLE, { ...BOUNDS, solver });
  if (!result.ok) throw new Error(result.error);
  const fit = lensFitSchema.parse(result.solve?.fit);
  expect(fit.model).toMatch(/^TAN(-SIP)?$/);
  expect(fit.stars).toBe(result.astrometry.sources?.matched);
  expect(fit.rms_arcsec).toBeCloseTo(result.astrometry.quality?.rms_arcsec ?? Number.NaN, 6);
  expect(fit.thirds.reduce((sum, { stars }) => sum + stars, 0)).toBe(fit.stars);
  expect(fit.rms_px).toBeLessThan(1);
  expect(fit.good_to_corners).toBe(true);
  expect(result.astrometry.quality?.coverage).toBeGreaterThan(0.9);
});
