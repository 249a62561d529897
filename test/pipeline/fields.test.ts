import { describe, it } from 'vitest';
import { renderSky, type SkyOptions } from '../sky/render.js';
import { expectTruth, solveSky, type Tolerance } from './analysis.js';

const PHOTO = { width: 900, height: 600 };

const FIELDS: readonly (SkyOptions & Tolerance & { name: string })[] = [
  {
    ...PHOTO,
    name: 'the north pole inside',
    ra_deg: 37.9,
    dec_deg: 89.2,
    pixscale_arcsec: 30,
    orientation_deg: 33,
  },
  {
    ...PHOTO,
    name: 'the south pole inside',
    ra_deg: 110,
    dec_deg: -89.4,
    pixscale_arcsec: 30,
    orientation_deg: -71,
  },
  { ...PHOTO, name: 'RA 0 inside', ra_deg: 0.03, dec_deg: 31, pixscale_arcsec: 30, orientation_deg: 140 },
  { ...PHOTO, name: 'RA just below 360', ra_deg: 359.9, dec_deg: -20, pixscale_arcsec: 30, parity: -1 },
  {
    name: '60 degrees wide',
    ra_deg: 84,
    dec_deg: 5,
    width: 1500,
    height: 1000,
    pixscale_arcsec: 144,
    limit_mag: 6,
    corner_px: 3,
  },
  {
    name: '0.7 degrees wide',
    ra_deg: 305.6,
    dec_deg: 40.3,
    width: 1400,
    height: 1000,
    pixscale_arcsec: 1.8,
    limit_mag: 12.5,
    psf: [{ fwhm_px: 3.2, share: 1 }],
  },
  {
    ...PHOTO,
    name: 'under light pollution, with trees, glow and hot pixels',
    ra_deg: 84,
    dec_deg: -1,
    pixscale_arcsec: 60,
    limit_mag: 8,
    background: { level: 0.3, gradient: [0.15, 0.25], vignette: 0.4 },
    trees: 0.25,
    hotPixels: 60,
    nebulae: [{ ra_deg: 83.82, dec_deg: -5.39, fwhm_arcmin: 50, peak: 0.5 }],
    corner_px: 3,
  },
];

describe('a field', () => {
  it.each(FIELDS)('with $name', async (field) => {
    const sky = renderSky(field);
    const scale = {
      scale_low: field.pixscale_arcsec * 0.9,
      scale_high: field.pixscale_arcsec * 1.1,
      scale_units: 'arcsecperpix' as const,
    };
    const solved = await solveSky(sky, { format: 'png', bits: 16 }, scale);
    expectTruth(solved, sky.truth, { rowOrder: 'top-down' }, field);
  });

  it('through a lens with distortion', async () => {
    // Barrel distortion of 0.44 % in the corners (2.4 pixels), and a sensor that stands a little askew.
    const cubic = -1.5e-8;
    // u·(1 + cubic·(u² + v²)) and v·(1 + cubic·(u² + v²)).
    const sip = {
      a: [
        [0, 0, 4e-6, 0],
        [0, -3e-6, cubic, 0],
        [6e-6, 0, 0, 0],
        [cubic, 0, 0, 0],
      ],
      b: [
        [0, 0, -5e-6, cubic],
        [0, 5e-6, 0, 0],
        [2e-6, cubic, 0, 0],
        [0, 0, 0, 0],
      ],
    };
    const field = { ra_deg: 305.6, dec_deg: 40.3, pixscale_arcsec: 60, orientation_deg: 75, limit_mag: 7.5 };
    const sky = renderSky({ ...PHOTO, ...field, sip });
    const scale = { scale_low: 54, scale_high: 66, scale_units: 'arcsecperpix' as const, tweak_order: 3 };
    const solved = await solveSky(sky, { format: 'jpeg' }, scale);
    expectTruth(solved, sky.truth, { rowOrder: 'top-down' }, { corner_px: 4 });
  });

  it.each([8, 32, -32, -64] as const)('in a FITS of BITPIX %i, packed', async (bitpix) => {
    const sky = renderSky({
      ...PHOTO,
      ra_deg: 56.7,
      dec_deg: 24.1,
      pixscale_arcsec: 30,
      orientation_deg: -10,
      parity: -1,
      channels: bitpix === -32 ? 3 : 1,
    });
    const scale = { scale_low: 27, scale_high: 33, scale_units: 'arcsecperpix' as const };
    const solved = await solveSky(sky, { format: 'fits', bitpix, gzip: bitpix !== 8 }, scale);
    expectTruth(solved, sky.truth, { rowOrder: 'bottom-up' });
  });

  it('blind, without any hint', async () => {
    const sky = renderSky({
      ...PHOTO,
      ra_deg: 187.2,
      dec_deg: 26.1,
      pixscale_arcsec: 50,
      orientation_deg: 12,
    });
    const solved = await solveSky(sky, { format: 'webp', quality: 95 });
    expectTruth(solved, sky.truth, { rowOrder: 'top-down' });
  });
});
