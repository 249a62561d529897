import { describe, expect, it } from 'vitest';
import type { SolvedResult } from '../../src/job/result.js';
import { STAR_FILES } from '../image/star-files.js';
import { fitsFile } from '../sky/fits.js';
import { renderSky } from '../sky/render.js';
import { analyzeFile, fileOf, fileWith } from './analysis.js';

/** A wide field of bright stars, which solves at once. */
const field = (ra_deg: number, dec_deg: number) =>
  renderSky({
    ra_deg,
    dec_deg,
    width: 400,
    height: 300,
    pixscale_arcsec: 162,
    orientation_deg: 20,
    limit_mag: 6.6,
  });

async function solved(...[sky, format]: Parameters<typeof fileOf>): Promise<SolvedResult> {
  const { result } = await analyzeFile(await fileOf(sky, format));
  expect(result).toMatchObject({ ok: true });
  return result as SolvedResult;
}

describe('metadata never stop a solve', () => {
  it.each([
    '2016:12:31 23:59:60',
    '2015:08:22 24:08:19',
    '2014: 4: 6  9: 9: 1',
    '2015:99:99 99:99:99',
    '9999:12:31 23:59:60',
  ])('EXIF of %s, with a zone', async (dateTimeOriginal) => {
    const exif = { dateTimeOriginal, offsetTimeOriginal: '+01:00', make: 'TestCo', lens: '0.0 mm f/0.0' };
    const { capture } = await solved(field(83.8, -2), { format: 'jpeg', exif });
    expect(capture.lens_model).toBeUndefined();
    expect(capture.camera_make).toBe('TestCo');
  });

  it('a FITS header of nonsense', async () => {
    const header = {
      'DATE-OBS': '2016-12-31T23:59:60+99:99',
      EXPTIME: '60,5,5',
      FOCALLEN: 'NaN',
      XPIXSZ: '-1E999',
      RA: '99:99:99',
      DEC: 'n/a',
      SITELAT: '-38 N',
      SITELONG: true,
      'CCD-TEMP': 65535,
    };
    const { capture } = await solved(field(83.8, -2), { format: 'fits', header });
    expect(capture.notes?.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'FITS EXPTIME',
        'FITS FOCALLEN',
        'FITS XPIXSZ',
        'FITS RA',
        'FITS DEC',
        'FITS CCD-TEMP',
      ]),
    );
    expect(capture).toMatchObject({ datetime: '2016-12-31T23:59:60' });
    expect(capture.datetime_utc).toBeUndefined();
  });

  it('second 60 of a leap second lists the planets of that minute', async () => {
    const { capture, astrometry } = await solved(field(341.5, -9), {
      format: 'fits',
      header: { 'DATE-OBS': '2016-12-31T23:59:60Z' },
    });
    expect(capture.datetime_utc).toBe('2017-01-01T00:00:00Z');
    const names = astrometry.objects.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Mars', 'Neptune']));
  });

  it.each(['1970-01-01T00:00:00', '2000-01-01T00:00:00'])(
    'a clock that shows %s gives no planets',
    async (date) => {
      const { capture, astrometry } = await solved(field(83.8, -2), {
        format: 'fits',
        header: { 'DATE-OBS': date },
      });
      expect(capture.datetime ?? capture.datetime_utc).toBeUndefined();
      expect(capture.notes).toEqual([expect.objectContaining({ key: 'FITS DATE-OBS', value: date })]);
      expect(astrometry.objects.filter(({ catalog }) => catalog === 'solar-system')).toEqual([]);
    },
  );

  it('right ascension in hours or degrees: both places are tried, none is stated', async () => {
    const { capture, solve } = await solved(field(13.2, 56.6), {
      format: 'fits',
      header: { INSTRUME: 'DWARFIII', PROGRAM: 'Siril v1.2.6', RA: 13.10919, DEC: 56.56963 },
    });
    expect(capture.pointing).toBeUndefined();
    expect(solve?.hints?.position).toMatchObject({ value: { ra: 13.10919 } });
    expect(solve?.hints?.['position-2']).toMatchObject({ value: { ra: 196.63785 } });
  });
});

describe('a file of several pictures', () => {
  it('is solved by the one that the parameter `extension` names', async () => {
    const sky = field(83.8, -2);
    const image = (header: Record<string, string | number>) => fitsFile(sky, 16, header);
    const blank = fitsFile({ ...sky, data: new Float32Array(sky.data.length) }, 16);
    // A primary unit and an extension differ in their first card.
    const extension = (bytes: Buffer) => Buffer.from(bytes).fill("XTENSION= 'IMAGE   '".padEnd(80), 0, 80);
    const path = await fileWith(
      Buffer.concat([image({ OBJECT: 'first' }), extension(image({ OBJECT: 'second' })), extension(blank)]),
    );
    const of = async (params: { extension?: string }) =>
      (await analyzeFile(path, { timeout: 60, ...params })).result;
    expect(await of({})).toMatchObject({ ok: true, capture: { object: 'first' } });
    expect(await of({ extension: '1' })).toMatchObject({
      ok: true,
      capture: { object: 'second', sources: { image: 'extension 1' } },
    });
    expect(await of({ extension: '2' })).toMatchObject({ ok: false, error_code: 'too_few_stars' });
    expect(await of({ extension: 'SCI' })).toMatchObject({ ok: false, error_code: 'unsupported_image' });
  });
});

describe('a list of stars solves as it comes', () => {
  const sky = field(187.2, 56.7);
  const stars = sky.stars.map(({ x, y, mag }) => ({ x, y, flux: 10 ** (-0.4 * mag) }));

  it.each(Object.entries(STAR_FILES))('%s', async (_, write) => {
    const path = await fileWith(write(stars));
    const { result, log } = await analyzeFile(path, { image_width: 400, image_height: 300, timeout: 60 });
    expect(result, log.slice(-2000)).toMatchObject({ ok: true });
    const { capture, astrometry } = result as SolvedResult;
    expect(capture.sources?.image_width).toBe('parameter image_width');
    expect(astrometry.ra_center).toBeCloseTo(187.2, 0);
    expect(astrometry.dec_center).toBeCloseTo(56.7, 0);
  });
});
