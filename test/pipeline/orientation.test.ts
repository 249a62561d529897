import { describe, it } from 'vitest';
import { renderSky } from '../sky/render.js';
import { indexStars } from '../sky/stars.js';
import type { SkyFormat } from '../sky/write.js';
import { expectTruth, solveSky } from './analysis.js';

const FIELD = { ra_deg: 305.6, dec_deg: 40.3, width: 720, height: 480, pixscale_arcsec: 45, limit_mag: 8.5 };
const SCALE = { scale_low: 40, scale_high: 50, scale_units: 'arcsecperpix' } as const;
const stars = indexStars(FIELD.ra_deg, FIELD.dec_deg, 6);

const FORMATS: readonly SkyFormat[] = [{ format: 'jpeg' }, { format: 'png' }, { format: 'fits', bitpix: 16 }];
// Not multiples of 90°: a mistake of sign or axis must not hide behind a symmetry.
const ORIENTATIONS = [20, 110, -160, -70].flatMap((orientation_deg) =>
  ([1, -1] as const).map((parity) => ({ orientation_deg, parity })),
);

describe.each(FORMATS)('$format', (format) => {
  it.each(ORIENTATIONS)('turned by $orientation_deg°, parity $parity', async (orientation) => {
    const sky = renderSky({ ...FIELD, ...orientation, stars });
    const solved = await solveSky(sky, format, SCALE);
    expectTruth(solved, sky.truth, { rowOrder: format.format === 'fits' ? 'bottom-up' : 'top-down' });
  });
});

describe('EXIF Orientation', () => {
  const sky = renderSky({ ...FIELD, orientation_deg: 155, parity: 1, stars });
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i: the pixels as stored, the view as seen', async (orientation) => {
    const solved = await solveSky(sky, { format: 'jpeg', exif: { model: 'Camera', orientation } }, SCALE);
    expectTruth(solved, sky.truth, { rowOrder: 'top-down', exifOrientation: orientation });
  });

  it('is honoured in a PNG, big-endian', async () => {
    const exif = { model: 'Camera', orientation: 5, byteOrder: 'big' } as const;
    const solved = await solveSky(sky, { format: 'png', bits: 16, exif }, SCALE);
    expectTruth(solved, sky.truth, { rowOrder: 'top-down', exifOrientation: 5 });
  });
});
