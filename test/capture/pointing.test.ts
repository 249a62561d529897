import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { openedFits } from './headers.js';

async function read(cards: string) {
  const image = openedFits(cards);
  const capture = await readCapture(image);
  const places = deriveHints(image, capture).hints.positions.map(({ ra_deg }) => Number(ra_deg.toFixed(3)));
  return { pointing: capture.pointing, notes: capture.notes ?? [], places };
}

/** RA with a value and a comment, beside a declination of −2. */
const ra = (rest: string, more = '') => `RA      = ${rest}\nDEC     = -2.0 / [deg]\n${more}`;

describe('right ascension of a known unit', () => {
  it.each([
    ['5.588 / [h]', 83.82],
    ['5.588 / (h) right ascension', 83.82],
    ['5.588 / RA, h', 83.82],
    ['5.588 / [hourangle]', 83.82],
    ['5.588 / [hours]', 83.82],
    ['5.588 / Object RA in hours', 83.82],
    ["'5.588h'", 83.82],
    ['83.82 / [deg]', 83.82],
    ['5.588 / [deg]', 5.588],
    ['5.588 / RA in degrees', 5.588],
    ["'5.588d'", 5.588],
    ['1.462935 / [rad]', 83.82],
    ['5029.2 / [arcmin]', 83.82],
    ['83.82', 83.82],
    ['24.5', 24.5],
    ['-276.18 / [deg]', undefined],
    ['-5.0', 355],
    ["'05 35 16.8'", 83.82],
    ["'05:35:16.8'", 83.82],
    ["'5h35m16.8s'", 83.82],
    ["'05-35-16.8'", 83.82],
    ["'05.35.16.8'", 83.82],
    ["'83 49 12'", 83.82],
  ])('RA = %s', async (rest, degrees) => {
    const { pointing, places } = await read(ra(rest));
    if (degrees === undefined) {
      expect(pointing).toBeUndefined();
      return;
    }
    expect(pointing?.ra).toBeCloseTo(degrees, 4);
    expect(places).toEqual([Number(degrees.toFixed(3))]);
  });

  it.each([
    ["OBJCTRA = '05 35 17'\nOBJCTDEC= '-02 00 00'", 83.82],
    ["OBJCTRA = '00 22 21'\nOBJCTDEC= '-02 00 00'", 5.588],
    ['RA_D    = 5.6\nDEC_D   = -2.0', 5.588],
    ["CTYPE1  = 'RA---TAN'\nCRVAL1  = 83.9\nCRVAL2  = -1.9", 83.82],
    ["SWCREATE= 'N.I.N.A. 3.0'", 5.588],
    ["CREATOR = 'ZWO ASIAIR Plus'", 5.588],
    ["INSTRUME= 'DWARFIII'\nTELESCOP= 'DWARFIII'", 83.82],
  ])('RA = 5.588 beside %s', async (more, degrees) => {
    const { pointing } = await read(ra('5.588', more));
    expect(pointing?.ra).toBeCloseTo(degrees, 4);
  });
});

describe('right ascension of an unknown unit is tried both ways, and not stated', () => {
  it.each([
    ra('5.588'),
    ra("'5.588'"),
    ra('5.588 / right ascension'),
    ra('5.588', "INSTRUME= 'DWARFIII'\nPROGRAM = 'Siril v1.2.6'"),
    ra('5.588', "TELESCOP= 'DWARF mini'\nSWCREATE= 'PixInsight 1.9'"),
    ra('5.588', "OBJCTRA = '18 00 00'\nOBJCTDEC= '+40 00 00'").replace('OBJCTRA', 'XBJCTRA'),
    'OBJCTRA = 5.588\nOBJCTDEC= -2.0',
  ])('%s', async (cards) => {
    const { pointing, places, notes } = await read(cards);
    expect(pointing).toBeUndefined();
    expect(places).toEqual([5.588, 83.82]);
    expect(notes).toEqual([expect.objectContaining({ why: expect.stringContaining('hours or degrees') })]);
  });

  it('where value and comment contradict', async () => {
    const sexagesimal = await read(ra("'05:35:16.8' / [deg]"));
    expect(sexagesimal.pointing).toBeUndefined();
    expect(sexagesimal.places).toEqual([83.82, 5.588]);
    const twoUnits = await read(ra('5.588 / [deg] RA in hours'));
    expect(twoUnits.pointing).toBeUndefined();
    expect(twoUnits.places).toEqual([5.588, 83.82]);
    const beyond = await read(ra('83.82 / [h]'));
    expect(beyond.pointing).toBeUndefined();
    expect(beyond.places).toEqual([83.82]);
  });

  it('another pair of keywords is stated instead when it is certain and elsewhere', async () => {
    const { pointing } = await read(ra('5.588', "OBJCTRA = '18 00 00'\nOBJCTDEC= '+40 00 00'"));
    expect(pointing).toEqual({ ra: 270, dec: 40 });
  });
});

describe('declination', () => {
  it.each([['5.0 / [h]'], ["'n/a'"], ['-999.0']])('DEC = %s costs the place and a note', async (rest) => {
    const { pointing, notes } = await read(`RA      = 83.82 / [deg]\nDEC     = ${rest}`);
    expect(pointing).toBeUndefined();
    expect(notes).toEqual([expect.objectContaining({ key: 'FITS DEC' })]);
  });
});

describe('the equinox of the date', () => {
  it('is carried to J2000 with the year of the exposure', async () => {
    const { pointing } = await read(
      "DATE-OBS= '2024-07-02T00:00:00'\nRA      = 10.0 / [deg] Epoch : JNOW\nDEC     = 0.0 / Epoch : JNOW",
    );
    expect(pointing?.ra).toBeCloseTo(10 - (24.5 * 46.12) / 3600, 3);
  });

  it('is not stated without a date', async () => {
    const { pointing, places } = await read('RA      = 100.0 / [deg] JNOW\nDEC     = 0.5');
    expect(pointing).toBeUndefined();
    expect(places).toEqual([100]);
  });
});
