import { describe, expect, it } from 'vitest';
import { renderSky } from '../sky/render.js';
import { analyzeFile, expectTruth, fileOf, solveSky } from './analysis.js';

const FIELD = {
  ra_deg: 305.6,
  dec_deg: 40.3,
  width: 1000,
  height: 800,
  pixscale_arcsec: 6.5,
  orientation_deg: 3,
  parity: -1,
  limit_mag: 11,
} as const;
/** 530 mm and 16.7 µm are 6.5" per pixel. */
const HEADER = {
  FOCALLEN: 530,
  XPIXSZ: 16.7,
  YPIXSZ: 16.7,
  XBINNING: 2,
  YBINNING: 2,
  OBJCTRA: '20 22 24',
  OBJCTDEC: '+40 18 00',
};
const sky = renderSky(FIELD);

describe('hints', () => {
  it('come from EXIF in a 24-megapixel photograph', async () => {
    // 36 mm of sensor on 6000 pixels behind a 200 mm lens: 6.19" per pixel.
    const photo = renderSky({
      ra_deg: 84,
      dec_deg: -3,
      width: 6000,
      height: 4000,
      pixscale_arcsec: 6.188,
      orientation_deg: -150,
      limit_mag: 10,
      psf: [{ fwhm_px: 3.5, share: 1 }],
    });
    const exif = { make: 'Canon', model: 'Canon EOS R6', focal_length_mm: 200, focal_length_35mm: 200 };
    const solved = await solveSky(photo, { format: 'jpeg', quality: 88, exif });
    expectTruth(solved, photo.truth, { rowOrder: 'top-down' }, { corner_px: 4 });
    expect(solved.result.capture).toMatchObject({
      focal_length_mm: 200,
      image_width: 6000,
      image_height: 4000,
    });
    expect(solved.result.solve?.hints?.scale).toMatchObject({ source: 'exif' });
    expect(solved.result.solve?.attempts?.map(({ outcome }) => outcome)).toContain('solved');
  });

  it('come from a FITS header: scale and pointing', async () => {
    const solved = await solveSky(sky, { format: 'fits', header: HEADER });
    expectTruth(solved, sky.truth, { rowOrder: 'bottom-up' });
    expect(solved.result.solve?.hints?.scale).toMatchObject({ source: 'fits' });
    expect(solved.result.capture.pointing?.ra).toBeCloseTo(305.6, 6);
    expect(solved.result.capture.pointing?.dec).toBeCloseTo(40.3, 6);
    // On a busy machine the attempt without bounds may be the first to end.
    expect(solved.result.solve?.attempts?.map(({ name }) => name)).toContainEqual(
      expect.stringMatching(/^fits-/),
    );
  });

  it.each([
    ['a pointing on the other side of the sky', { ...HEADER, OBJCTRA: '08 22 24', OBJCTDEC: '-40 18 00' }],
    ['a pointing 5° off', { ...HEADER, OBJCTDEC: '+45 18 00' }],
    ['a scale 16 times wrong', { ...HEADER, FOCALLEN: 530 * 16 }],
    ['a focal length of 1 mm', { FOCALLEN: 1, XPIXSZ: 3.76 }],
    ['both wrong', { ...HEADER, FOCALLEN: 48768, OBJCTRA: '00 10 00', OBJCTDEC: '-80 00 00' }],
    ['a scale half of the truth', { FOCALLEN: 1060, XPIXSZ: 16.7 }],
  ])('lie: %s costs no solution', async (_, header) => {
    const solved = await solveSky(sky, { format: 'fits', header });
    expectTruth(solved, sky.truth, { rowOrder: 'bottom-up' });
  });

  it('of the user are bounds: outside them there is no solution to be found', async () => {
    const path = await fileOf(sky, { format: 'fits', header: HEADER });
    const { result } = await analyzeFile(path, {
      scale_low: 20,
      scale_high: 30,
      scale_units: 'arcsecperpix',
      timeout: 20,
    });
    expect(result).toMatchObject({ ok: false, error_code: expect.stringMatching(/^(no_solution|timeout)$/) });
  });
});
