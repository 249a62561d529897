import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import type { Capture } from '../../src/job/capture.js';
import { openedFits } from './headers.js';

const capture = (cards: string) => readCapture(openedFits(cards));

/** A card whose value and comment are text. */
const card = (keyword: string, rest: string) => `${keyword.padEnd(8)}= ${rest}`;

describe('exposure', () => {
  it.each([
    ['30.0 / [s] Exposure duration', 30],
    ['90000 / exposure time in ms', 90],
    ['90000 / [ms]', 90],
    ['1.5 / [min]', 90],
    ['1.5 / Exposure (minutes)', 90],
    ['60000000 / Exposure time in us', 60],
    ['2 / [h]', 7200],
    ["'60 s'", 60],
    ["'5min'", 300],
    ["'250ms'", 0.25],
    ["'1/60'", 1 / 60],
    ["'00:05:00'", 300],
    ['300.0 / Exposure time in seconds', 300],
    ['300.0 / Total Exposure Time (s)', 300],
    ['300.0 / seconds of exposure', 300],
    ['300.0 / number 12 of 40', 300],
  ])('EXPTIME = %s', async (rest, exposure) => {
    const { notes, ...found } = await capture(card('EXPTIME', rest));
    expect(found.exposure).toBeCloseTo(exposure, 9);
    expect(notes).toBeUndefined();
  });
});

describe('lengths', () => {
  it.each([
    ['FOCALLEN', '120 / [cm] focal', { focal_length_mm: 1200 }],
    ['FOCALLEN', '0.53 / [m]', { focal_length_mm: 530 }],
    ['FOCALLEN', '80 / [in] focal length', { focal_length_mm: 2032 }],
    ['FOCALLEN', "'80 inches'", { focal_length_mm: 2032 }],
    ['FOCALLEN', '530 / Focal length of telescope in mm', { focal_length_mm: 530 }],
    ['FLENGTH', '0.53', { focal_length_mm: 530 }],
    ['FLENGTH', '530 / [mm]', { focal_length_mm: 530 }],
    ['XPIXSZ', '3.76 / [um] Pixel X axis size', { pixel_size_um: [3.76, 3.76] }],
    ['XPIXSZ', '0.00376 / [mm]', { pixel_size_um: [3.76, 3.76] }],
    ['XPIXSZ', '3.76E-6 / [m]', { pixel_size_um: [3.76, 3.76] }],
    ['XPIXSZ', '3760 / size in nm', { pixel_size_um: [3.76, 3.76] }],
    ['XPIXSZ', '7.4 / Pixel Width in microns (after binning)', { pixel_size_um: [7.4, 7.4] }],
  ])('%s = %s', async (keyword, rest, expected) => {
    const found = await capture(card(keyword, rest));
    expect(found).toMatchObject(expected);
    expect(found.notes).toBeUndefined();
  });
});

describe('temperatures', () => {
  it.each([
    ['-10.0', -10],
    ['-10.0 / [degC] CCD temperature', -10],
    ['-10.0 / CCD temperature (Celsius)', -10],
    ['-10.0 / sensor temperature in C', -10],
    ['-10.0 / degrees C', -10],
    ['263.15 / [K]', -10],
    ['263.15 / temperature in Kelvin', -10],
    ['14.0 / [degF]', -10],
    ['14.0 / degrees F', -10],
    ['14.0 / CCD temperature in degrees Fahrenheit', -10],
    ["'-10 C'", -10],
    ["'263.15K'", -10],
  ])('CCD-TEMP = %s', async (rest, celsius) => {
    const found = await capture(card('CCD-TEMP', rest));
    expect(found.ccd_temp_c).toBeCloseTo(celsius, 9);
    expect(found.notes).toBeUndefined();
  });

  it('of the air is none of the sensor', async () => {
    const found = await capture(card('TEMPERAT', '8.5 / [C] ambient temperature'));
    expect(found.ccd_temp_c).toBeUndefined();
    expect(found.notes).toHaveLength(1);
  });
});

describe('places', () => {
  const site = (lat: string, lon: string, alt?: string) =>
    capture(
      [card('LATITUDE', lat), card('LONGITUD', lon), ...(alt ? [card('SITEELEV', alt)] : [])].join('\n'),
    );

  it.each([
    [
      '46.86694 / [degrees] Observatory latitude',
      '96.45333 / [deg west] Observatory longitude',
      46.86694,
      -96.45333,
    ],
    ['46.86694', '-96.45333 / [deg] east positive', 46.86694, -96.45333],
    ['46.86694', '96.45333 / degrees, West positive', 46.86694, -96.45333],
    ['46.86694', '-96.45333 / (W is negative)', 46.86694, -96.45333],
    ['46.86694', '-96.45333 / [deg west]', 46.86694, -96.45333],
    ['46.86694', '263.54667 / [deg] East', 46.86694, -96.45333],
    ['46.86694', "'96.45333 W'", 46.86694, -96.45333],
    ['33.85 / deg south', '18.5 / deg east', -33.85, 18.5],
    ["'33 51 00 S'", "'-70 40 00'", -33.85, -70.6666667],
    ["'-33 51 00 S'", "'-70 40 00 W'", -33.85, -70.6666667],
    ['0.8179891 / [rad]', '-1.683428 / [rad]', 46.86732, -96.45332],
    ['46.86694 / [deg]', "'-06:25:48.8' / [h] longitude", 46.86694, -96.45333],
  ])('%s, %s', async (lat, lon, north, east) => {
    const { gps, notes } = await site(lat, lon);
    expect(gps?.lat).toBeCloseTo(north, 4);
    expect(gps?.lon).toBeCloseTo(east, 3);
    expect(notes).toBeUndefined();
  });

  it.each([
    ['2400.0 / [m] Observation site elevation', 2400],
    ['7874 / [ft]', 2399.9952],
    ['2.4 / [km]', 2400],
    ['7874 / feet above sea level', 2399.9952],
    ["'2400m'", 2400],
  ])('altitude %s', async (alt, metres) => {
    const { gps, notes } = await site('46.8', '-96.4', alt);
    expect(gps?.alt).toBeCloseTo(metres, 6);
    expect(notes).toBeUndefined();
  });
});

describe('what contradicts is left out, with a note', () => {
  it.each<[string, keyof Capture & string]>([
    [card('EXPTIME', '30.0 / [mm]'), 'exposure'],
    [card('EXPTIME', '30.0 / [s] exposure in ms'), 'exposure'],
    [card('EXPTIME', "'30 s' / [ms]"), 'exposure'],
    [card('EXPTIME', '30.0 / [fortnight]'), 'exposure'],
    [card('FOCALLEN', '530 / [m]'), 'focal_length_mm'],
    [card('FOCALLEN', '530 / [s]'), 'focal_length_mm'],
    [card('XPIXSZ', '1.2 / pixel size (arcsec)'), 'pixel_size_um'],
    [card('CCD-TEMP', '263.15'), 'ccd_temp_c'],
    [card('EXPTIME', 'T'), 'exposure'],
    [card('EXPTIME', "'thirty'"), 'exposure'],
  ])('%s', async (cards, field) => {
    const found = await capture(cards);
    expect(found[field]).toBeUndefined();
    expect(found.notes).toHaveLength(1);
    expect(found.notes?.[0]?.key).toBe(`FITS ${cards.slice(0, 8).trim()}`);
  });

  it('the unit that won stands in the sources', async () => {
    const { sources } = await capture(
      [card('EXPTIME', '500 / [ms]'), card('FOCALLEN', '530 / [mm]')].join('\n'),
    );
    expect(sources).toMatchObject({ exposure: 'FITS EXPTIME [ms]', focal_length_mm: 'FITS FOCALLEN' });
  });
});
