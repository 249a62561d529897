import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openImage } from '../../src/image/open.js';
import { type TiffTag, temporaryFolder } from '../image/files.js';
import { exifOf, exifSegment, jpegWith } from './containers.js';
import { openedFits } from './headers.js';

const folder = temporaryFolder();
const fits = (cards: string) => readCapture(openedFits(cards));
async function exif(parts: Parameters<typeof exifOf>[0]) {
  return readCapture(await openImage(folder.put('picture', await jpegWith(exifSegment(exifOf(parts))))));
}

const text = (tag: number, values: string): TiffTag => ({ tag, type: 2, values });
const bytes = (tag: number, values: string): TiffTag => ({
  tag,
  type: 1,
  values: Buffer.from(`${values}\0`),
});
const short = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 3, values });
const rational = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 5, values });
const signed = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 10, values });

describe('a lens that tells nothing', () => {
  it.each([
    '0.0 mm f/0.0',
    '0mm',
    '0 mm',
    '0-0mm',
    'DT 0mm F0 SAM',
    'E 0mm F0',
    'None',
    'none',
    'n/a',
    'N/A',
    'Unknown',
    'Unknown (61182)',
    'Unknown lens',
    'No lens attached',
    '(null)',
    'undefined',
    '----',
    '0',
    '65535',
  ])('%s', async (lens) => {
    const { lens_model, notes } = await exif({ photo: [text(0xa434, lens)] });
    expect(lens_model).toBeUndefined();
    expect(notes).toEqual([expect.objectContaining({ key: 'EXIF LensModel', value: lens })]);
  });

  it.each([
    'RF 135mm F1.8 L IS USM',
    'EF70-200mm f/2.8L',
    '10.0 mm f/0.95',
    '7Artisans 50mm f/0.95',
    'NIKKOR Z 400mm f/2.8',
    'Samyang 100mm F2',
    'iPhone 12 back camera 4.2mm f/1.6',
    'Nokton',
  ])('%s is one', async (lens) => {
    expect(await exif({ photo: [text(0xa434, lens)] })).toMatchObject({ lens_model: lens });
  });
});

describe('numbers that stand for nothing', () => {
  it.each<[string, TiffTag]>([
    ['focal_length_mm', rational(0x920a, 0, 1)],
    ['focal_length_mm', rational(0x920a, 65_535, 1)],
    ['focal_length_mm', rational(0x920a, 0, 0)],
    ['focal_length_mm', text(0x920a, 'unknown')],
    ['focal_length_35mm', short(0xa405, 65_535)],
    ['iso', short(0x8827, 65_535)],
    ['f_number', rational(0x829d, 0xffffffff, 1)],
    ['exposure', rational(0x829a, 0, 1)],
  ])('EXIF %s', async (field, tag) => {
    const found = await exif({ photo: [tag] });
    expect(found).not.toHaveProperty(field);
    expect(found.notes).toHaveLength(1);
  });

  it.each([
    ['exposure', 'EXPTIME = -999.0'],
    ['exposure', 'EXPTIME = 0.0'],
    ['exposure', "EXPTIME = '*******'"],
    ['focal_length_mm', 'FOCALLEN= 65535'],
    ['focal_length_mm', "FOCALLEN= 'unknown'"],
    ['gain', 'GAIN    = -1'],
    ['gain', 'GAIN    = 65535'],
    ['offset', 'OFFSET  = -999'],
    ['ccd_temp_c', 'CCD-TEMP= -999.0'],
    ['ccd_temp_c', 'CCD-TEMP= -273.15'],
    ['filter', "FILTER  = 'N/A'"],
    ['telescope', "TELESCOP= 'Unknown'"],
    ['observer', "OBSERVER= 'not set'"],
    ['object', "OBJECT  = '<none>'"],
    ['pixel_size_um', 'XPIXSZ  = 0.0\nYPIXSZ  = 0.0'],
    ['binning', 'XBINNING= 0'],
  ])('FITS %s: %s', async (field, cards) => {
    const found = await fits(cards);
    expect(found).not.toHaveProperty(field);
    expect(found.notes?.[0]).toMatchObject({ key: expect.stringMatching(/^FITS /) });
  });

  it.each([
    ['EXPTIME = 0.0 / Total Exposure Time (s)\nEXPOSURE= 30.0', { exposure: 30 }],
    ['EXPTIME = -1\nEXP     = 15', { exposure: 15 }],
    ["EXPTIME = 'n/a'\nEXPOSURE= 15", { exposure: 15 }],
    ["INSTRUME= 'None'\nCAMERA  = 'ZWO ASI1600MM'", { camera_model: 'ZWO ASI1600MM' }],
    ['XPIXSZ  = 0.0\nPIXSIZE1= 3.8', { pixel_size_um: [3.8, 3.8] }],
    ['EXPTIME = 0.0\nEXPTIME = 30.0', { exposure: 30 }],
  ])('%s: the next keyword serves', async (cards, expected) => {
    expect(await fits(cards)).toMatchObject(expected);
  });

  it('an ISO that does not fit its tag stands in the next', async () => {
    const photo = [short(0x8827, 65_535), { tag: 0x8832, type: 4, values: [204_800] }];
    expect(await exif({ photo })).toMatchObject({ iso: 204_800 });
  });
});

describe('numbers as people write them', () => {
  it.each([
    ["EXPTIME = '60,5'", { exposure: 60.5 }],
    ['EXPTIME = 60,5', { exposure: 60.5 }],
    ["FOCALLEN= '400,0'", { focal_length_mm: 400 }],
    ["XPIXSZ  = '3,76'", { pixel_size_um: [3.76, 3.76] }],
    ["XPIXSZ  = '3,760'", { pixel_size_um: [3.76, 3.76] }],
    ["CCD-TEMP= '-10,0'", { ccd_temp_c: -10 }],
    ["FOCALLEN= '1,234.5'", { focal_length_mm: 1234.5 }],
    ["FOCALLEN= '1.234,5'", { focal_length_mm: 1234.5 }],
    ["FOCALLEN= '1 234,5'", { focal_length_mm: 1234.5 }],
    ["FOCALLEN= '1''234.5'", { focal_length_mm: 1234.5 }],
    ["FOCALLEN= '1,234,5'", {}],
    ["EXPTIME = '3.0D+02'", { exposure: 300 }],
    ["EXPTIME = '300'", { exposure: 300 }],
    ["FOCRATIO= 'f/5.6'", { f_number: 5.6 }],
    ["FOCRATIO= 'F5,6'", { f_number: 5.6 }],
    ["ISOSPEED= 'ISO 1600'", { iso: 1600 }],
    ["XBINNING= '2'", { binning: [2, 2] }],
  ])('%s', async (cards, expected) => {
    const { sources, notes, image_width, image_height, ...fields } = await fits(cards);
    expect(fields).toEqual(expected);
  });

  it('thousands or decimals: what can mean both is left out', async () => {
    const found = await fits("EXPTIME = '1,500'");
    expect(found.exposure).toBeUndefined();
    expect(found.notes).toEqual([{ key: 'FITS EXPTIME', value: '1,500', why: 'it can mean 1.5 or 1500' }]);
    // No telescope has a focal length of 1.5 mm.
    expect(await fits("FOCALLEN= '1,500'")).toMatchObject({ focal_length_mm: 1500 });
  });

  it('EXIF numbers as text', async () => {
    const photo = [text(0x920a, '50 mm'), text(0x829a, '1/30'), text(0x829d, 'f/2,8'), text(0x8827, '800')];
    expect(await exif({ photo })).toMatchObject({
      focal_length_mm: 50,
      exposure: 1 / 30,
      f_number: 2.8,
      iso: 800,
    });
  });
});

describe('places that were never set, or are written twice over', () => {
  const place = (north: TiffTag[], east: TiffTag[]) => exif({ gps: [...north, ...east] });
  const lat = rational(2, 38, 1, 30, 1, 0, 1);
  const lon = rational(4, 70, 1, 15, 1, 0, 1);

  it.each<[string, TiffTag[], TiffTag[], { lat: number; lon: number } | undefined]>([
    ['letters', [text(1, 'S'), lat], [text(3, 'W'), lon], { lat: -38.5, lon: -70.25 }],
    ['letters typed as BYTE', [bytes(1, 'S'), lat], [bytes(3, 'W'), lon], { lat: -38.5, lon: -70.25 }],
    ['words', [text(1, 'South'), lat], [text(3, 'West'), lon], { lat: -38.5, lon: -70.25 }],
    ['small letters', [text(1, 's'), lat], [text(3, 'w'), lon], { lat: -38.5, lon: -70.25 }],
    [
      'signs that double the letters',
      [text(1, 'S'), signed(2, -38, 1, 30, 1, 0, 1)],
      [text(3, 'W'), signed(4, -70, 1, 15, 1, 0, 1)],
      { lat: -38.5, lon: -70.25 },
    ],
    [
      'signs on every part',
      [text(1, 'S'), signed(2, -38, 1, -30, 1, 0, 1)],
      [text(3, 'W'), signed(4, -70, 1, -15, 1, 0, 1)],
      { lat: -38.5, lon: -70.25 },
    ],
    [
      'a sign against its letter',
      [text(1, 'N'), signed(2, -38, 1, 30, 1, 0, 1)],
      [text(3, 'W'), lon],
      undefined,
    ],
    [
      'text',
      [text(1, 'N'), text(2, '38 30 0')],
      [text(3, 'E'), text(4, '70 15 0')],
      { lat: 38.5, lon: 70.25 },
    ],
    [
      'zeros',
      [text(1, 'N'), rational(2, 0, 1, 0, 1, 0, 1)],
      [text(3, 'E'), rational(4, 0, 1, 0, 1, 0, 1)],
      undefined,
    ],
    ['99 minutes', [text(1, 'N'), rational(2, 38, 1, 99, 1, 0, 1)], [text(3, 'E'), lon], undefined],
    ['the wrong letters', [text(1, 'E'), lat], [text(3, 'N'), lon], undefined],
  ])('EXIF: %s', async (_, north, east, expected) => {
    const { gps, notes } = await place(north, east);
    expect(gps).toEqual(expected);
    expect(notes === undefined).toBe(expected !== undefined);
  });

  it.each([
    ['SITELAT = 0.0\nSITELONG= 0.0', undefined],
    ["SITELAT = '00 00 00'\nSITELONG= '00 00 00'", undefined],
    ["SITELAT = '-38 30 00 S'\nSITELONG= '-70 15 00 W'", { lat: -38.5, lon: -70.25 }],
    ["SITELAT = '38 30 00 N'\nSITELONG= '-70 15 00 E'", undefined],
    ['SITELAT = -999.0\nSITELONG= -999.0', undefined],
    ['SITELAT = 0.0\nSITELONG= 0.0\nLAT-OBS = 38.5\nLONG-OBS= 70.25', { lat: 38.5, lon: 70.25 }],
    ["SITELAT = '38,5'\nSITELONG= '70,25'", { lat: 38.5, lon: 70.25 }],
    ['SITELAT = 38.5\nSITELONG= 70.25\nSITEELEV= -999', { lat: 38.5, lon: 70.25 }],
  ])('FITS: %s', async (cards, expected) => {
    const { gps } = await fits(cards);
    expect(gps).toEqual(expected);
  });

  it('an altitude below the sea', async () => {
    const here = [text(1, 'N'), lat, text(3, 'E'), lon];
    const below = [{ tag: 5, type: 1, values: [1] }, rational(6, 120, 1)];
    expect((await exif({ gps: [...here, ...below] })).gps).toMatchObject({ alt: -120 });
    const asText = [text(5, '1'), rational(6, 120, 1)];
    expect((await exif({ gps: [...here, ...asText] })).gps).toMatchObject({ alt: -120 });
    expect((await exif({ gps: [...here, rational(6, 65_535, 1)] })).gps).not.toHaveProperty('alt');
  });
});
