import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openedFits, WRITERS } from './headers.js';

async function read(text: string) {
  const { sources, notes = [], image_width, image_height, ...fields } = await readCapture(openedFits(text));
  return { fields, notes, sources };
}
const fieldsOf = async (text: string) => (await read(text)).fields;
const close = (value: number, digits = 6) => expect.closeTo(value, digits);

/** What says in these headers that it stands for nothing. */
const LEFT_OUT: Partial<Record<keyof typeof WRITERS, string[]>> = {
  nina: ['FITS BAYERPAT'],
  indi: ['FITS OBJECT', 'FITS OBSERVER'],
  sharpcap: ['FITS FOCALLEN'],
};

describe('headers as programs write them', () => {
  it.each([
    [
      'nina',
      {
        datetime: '2023-10-14T21:11:22.123',
        datetime_utc: '2023-10-14T21:11:22.123Z',
        camera_model: 'ZWO ASI2600MM Pro',
        telescope: 'Esprit 100',
        filter: 'Ha',
        object: 'IC 434',
        software: 'N.I.N.A. 2.1.2 (x64)',
        exposure: 300,
        f_number: 5.5,
        gain: 100,
        offset: 50,
        ccd_temp_c: -9.9,
        focal_length_mm: 550,
        pixel_size_um: [3.76, 3.76],
        binning: [1, 1],
        gps: { lat: 48.2082, lon: 16.3738, alt: 45 },
        pointing: { ra: 84.0533333333333, dec: -1.20194444444444 },
      },
    ],
    [
      'sgp',
      {
        datetime: '2015-11-08T03:11:48.0120000',
        datetime_utc: '2015-11-08T03:11:48.0120000Z',
        camera_model: 'QSI 683',
        telescope: 'ASCOM Mount',
        filter: 'Lum',
        object: 'M33',
        observer: 'Jane Doe',
        software: 'Sequence Generator Pro v2.4.3.2',
        exposure: 900,
        ccd_temp_c: -20.1,
        focal_length_mm: 610,
        pixel_size_um: [5.4, 5.4],
        binning: [2, 2],
        gps: { lat: close(40.4461111), lon: close(-79.9822222) },
        pointing: { ra: 23.4621, dec: 30.6599 },
      },
    ],
    [
      'maxim',
      {
        datetime: '2003-04-17T22:41:07',
        datetime_utc: '2003-04-17T22:41:07Z',
        camera_model: 'SBIG ST-10',
        filter: 'Clear',
        software: 'MaxIm DL Version 3.0',
        exposure: 60,
        ccd_temp_c: -15.125,
        focal_length_mm: 2000,
        pixel_size_um: [18, 18],
        binning: [2, 2],
        gps: { lat: 51.5, lon: close(-0.125) },
        pointing: { ra: close(185.7291667), dec: close(15.8227778) },
      },
    ],
    [
      'siril',
      {
        datetime: '2022-08-20T22:01:15.512345',
        datetime_utc: '2022-08-20T22:01:15.512345Z',
        camera_model: 'ZWO ASI533MC Pro',
        object: 'NGC7000',
        software: 'Siril 1.0.3',
        exposure: 120,
        gain: 101,
        offset: 40,
        ccd_temp_c: -10,
        focal_length_mm: 250,
        bayer_pattern: 'RGGB',
        pixel_size_um: [3.76, 3.76],
        binning: [1, 1],
        pointing: { ra: 314.75, dec: 44.37 },
      },
    ],
    [
      'apt',
      {
        datetime: '2014-01-31T20:59:12',
        datetime_utc: '2014-01-31T20:59:12Z',
        camera_model: 'Canon EOS 1100D',
        telescope: 'Newton 200/800',
        object: 'M42',
        software: 'Astro Photography Tool - APT v.2.30',
        exposure: 180,
        iso: 800,
        f_number: 4,
        focal_length_mm: 800,
        pixel_size_um: [5.2, 5.2],
        binning: [1, 1],
        gps: { lat: 42.6977, lon: 23.3219, alt: 550 },
        pointing: { ra: close(83.8208333), dec: close(-5.3911111) },
      },
    ],
    [
      'indi',
      {
        datetime: '2021-02-03T19:20:21.321',
        datetime_utc: '2021-02-03T19:20:21.321Z',
        camera_model: 'CCD Simulator',
        telescope: 'Telescope Simulator',
        exposure: 1,
        ccd_temp_c: 0,
        focal_length_mm: 900,
        pixel_size_um: [10.4, 10.4],
        binning: [2, 2],
        gps: { lat: 29.51111, lon: close(-47.6544) },
        pointing: { ra: 83.82083, dec: -5.391111 },
      },
    ],
    [
      'sharpcap',
      {
        datetime: '2020-05-01T21:55:07.9876543',
        datetime_utc: '2020-05-01T21:55:07.9876543Z',
        camera_model: 'ZWO ASI178MC',
        software: 'SharpCap v3.2.6234.0, 64 bit',
        exposure: 8,
        gain: 200,
        offset: 30,
        ccd_temp_c: close(21.3, 5),
        bayer_pattern: 'RGGB',
        pixel_size_um: [close(2.4), close(2.4)],
        binning: [1, 1],
      },
    ],
    [
      'asiair',
      {
        datetime: '2022-07-30T21:33:44.555666',
        datetime_utc: '2022-07-30T21:33:44.555666Z',
        camera_model: 'ZWO ASI294MC Pro',
        telescope: 'AM5',
        filter: 'L-eNhance',
        object: 'gamma Cyg',
        software: 'ZWO ASIAIR Plus',
        exposure: 180,
        gain: 120,
        offset: 50,
        ccd_temp_c: -10,
        focal_length_mm: 405,
        bayer_pattern: 'RGGB',
        pixel_size_um: [4.63, 4.63],
        binning: [1, 1],
        gps: { lat: 45.4642, lon: 9.19 },
        pointing: { ra: 305.5575, dec: 40.2567 },
      },
    ],
    [
      'seestar',
      {
        datetime: '2023-09-12T05:10:33.712345',
        datetime_utc: '2023-09-12T05:10:33.712345Z',
        camera_model: 'Seestar S50',
        telescope: 'S50_1a2b',
        filter: 'LP',
        object: 'NGC 6960',
        software: 'ZWO Seestar S50',
        exposure: 10,
        gain: 80,
        ccd_temp_c: 31.5,
        focal_length_mm: 250,
        bayer_pattern: 'GRBG',
        pixel_size_um: [close(2.9), close(2.9)],
        binning: [1, 1],
        gps: { lat: 37.7749, lon: -122.4194 },
        pointing: { ra: 311.417, dec: 30.717 },
      },
    ],
    [
      'dwarf',
      {
        datetime: '2023-08-13T02:03:04',
        datetime_utc: '2023-08-13T02:03:04Z',
        camera_model: 'DWARF II',
        telescope: 'DWARF II TELE',
        object: 'M 27',
        exposure: 15,
        gain: 80,
        focal_length_mm: 100,
        bayer_pattern: 'RGGB',
        pixel_size_um: [1.45, 1.45],
        binning: [1, 1],
        pointing: { ra: close(299.901), dec: 22.7212 },
      },
    ],
  ] as const)('%s', async (writer, expected) => {
    const { fields, notes, sources } = await read(WRITERS[writer]);
    expect(fields).toEqual(expected);
    expect(notes.map(({ key }) => key)).toEqual(LEFT_OUT[writer] ?? []);
    for (const field of Object.keys(fields)) expect(sources?.[field], field).toMatch(/^FITS [A-Z0-9-]+/);
  });

  it('says under which keyword each value stood', async () => {
    const { sources } = await read(WRITERS.maxim);
    expect(sources).toMatchObject({
      datetime: 'FITS DATE-OBS, TIME-OBS',
      pointing: 'FITS OBJCTRA, OBJCTDEC',
      gps: 'FITS SITELAT, SITELONG',
      pixel_size_um: 'FITS XPIXSZ, YPIXSZ',
    });
  });
});

describe('dates', () => {
  it.each([
    ["DATE-OBS= '2024-08-21'\nUT      = '23:45:00.5'", '2024-08-21T23:45:00.5', '2024-08-21T23:45:00.5Z'],
    ["DATE-OBS= '2024-08-21T23:45:00-0700'", '2024-08-21T23:45:00', '2024-08-22T06:45:00Z'],
    ["DATE-OBS= '2024-08-21T23:45:00Z'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z'],
    ["DATE-OBS= '2024-08-21 23:45:00'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z'],
    ["DATE-OBS= '24/02/50'", '1950-02-24', undefined],
    ["DATE-OBS= '31/12/1999'\nTIME-OBS= '23:59:59'", '1999-12-31T23:59:59', '1999-12-31T23:59:59Z'],
    ["DATE-OBS= '2024-08-21'", '2024-08-21', undefined],
    ["DATE-OBS= '2024-08-21T23:45:00'\nTIMESYS = 'TAI     '", '2024-08-21T23:45:00', undefined],
    ["DATE-AVG= '2024-08-21T23:45:00'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z'],
    ['MJD-OBS =      60543.98958333333', '2024-08-21T23:45:00.000', '2024-08-21T23:45:00.000Z'],
    ["DATE-LOC= '2024-08-21T23:45:00'", '2024-08-21T23:45:00', undefined],
    ["DATE    = '2024-08-21'\nTIME-OBS= '23:45:00'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z'],
    ["DATE    = '2024-08-21T23:45:00'", undefined, undefined],
  ])('%s', async (cards, datetime, datetime_utc) => {
    expect(await fieldsOf(cards)).toEqual({
      ...(datetime && { datetime }),
      ...(datetime_utc && { datetime_utc }),
    });
  });

  it.each([
    "'2024-02-30T00:00:00'",
    "'2024-08-21T25:00:00'",
    "'yesterday'",
    "'31/31/99'",
    "'0000-00-00T00:00:00'",
  ])('%s is none, and costs a note', async (date) => {
    const { fields, notes } = await read(`DATE-OBS= ${date}`);
    expect(fields).toEqual({});
    expect(notes).toEqual([expect.objectContaining({ key: 'FITS DATE-OBS' })]);
  });
});

describe('pointing', () => {
  const orion = { ra: close(83.8220833), dec: close(-5.3911111) };
  it.each([
    "RA      = '05 35 17.3'\nDEC     = '-05 23 28'",
    "RA      = '05:35:17.3'\nDEC     = '-5:23:28'",
    "RA      = '5h35m17.3s'\nDEC     = '-5d23m28s'",
    "OBJCTRA = '05 35 17.3'\nOBJCTDEC= '- 05 23 28'",
    'RA      =           83.8220833\nDEC     =           -5.3911111',
    "RA      = '83.8220833'\nDEC     = '-5.3911111'",
    "RA      = '83.8220833d'\nDEC     = '-5.3911111'",
    'RA      =       5.588138888889 / [hours] of the mount\nDEC     =           -5.3911111',
    'RA_D    =           83.8220833\nDEC_D   =           -5.3911111',
    'RA      =                  0.0\nDEC     =                  0.0\nRA_OBJ  =  83.8220833\nDEC_OBJ = -5.3911111',
  ])('%s', async (cards) => {
    expect(await fieldsOf(cards)).toEqual({ pointing: orion });
  });

  it('the sign of -0 counts', async () => {
    expect(await fieldsOf("OBJCTRA = '00 00 01'\nOBJCTDEC= '-0 12 3'")).toEqual({
      pointing: { ra: close(1 / 240), dec: close(-0.2008333) },
    });
  });

  it.each([
    'RA      =                  0.0\nDEC     =                  0.0',
    "OBJCTRA = '00 00 00'\nOBJCTDEC= '+00 00 00'",
  ])('%s was never set, and costs a note', async (cards) => {
    const { fields, notes } = await read(cards);
    expect(fields).toEqual({});
    expect(notes).toHaveLength(1);
  });

  it.each(["RA      = ''\nDEC     = ''", 'RA      =                 83.8'])('%s is none', async (cards) => {
    expect(await read(cards)).toMatchObject({ fields: {}, notes: [] });
  });

  it.each([
    'RA      =                400.0\nDEC     =                 10.0',
    'RA      =                 40.0\nDEC     =                -91.0',
    "RA      = '05 75 17'\nDEC     = '-05 23 28'",
    "RA      = 'NaN'\nDEC     = 'NaN'",
  ])('%s is none, and costs a note', async (cards) => {
    const { fields, notes } = await read(cards);
    expect(fields).toEqual({});
    expect(notes.length).toBeGreaterThan(0);
  });

  it('another equinox is carried to J2000', async () => {
    // Orion Nebula trapezium, theta-1 Orionis C: B1950 05h32m49.05s -05°25′16.2″ is J2000 05h35m16.46s -05°23′22.8″ (SIMBAD).
    const b1950 = await fieldsOf(
      "OBJCTRA = '05 32 49.05'\nOBJCTDEC= '-05 25 16.2'\nEQUINOX =               1950.0",
    );
    expect(b1950.pointing?.ra).toBeCloseTo(83.8186, 2);
    expect(b1950.pointing?.dec).toBeCloseTo(-5.3897, 2);
    // 50.29″ a year along the ecliptic: at the equinox, Dec changes by 20.04″ and RA by 46.12″ a year.
    const ofDate = await fieldsOf(
      'RA = 10.0 / [deg]\nDEC = 0.0\nEQUINOX = 2024.5'.replace(/^(\w+) =/gm, (_, k) => `${k.padEnd(8)}=`),
    );
    expect(ofDate.pointing?.ra).toBeCloseTo(10 - (24.5 * 46.12) / 3600, 3);
    expect(ofDate.pointing?.dec).toBeCloseTo((-24.5 * 20.04 * Math.cos((10 * Math.PI) / 180)) / 3600, 3);
  });
});

describe('other traps', () => {
  it.each([
    ['FLENGTH =                 0.53', { focal_length_mm: 530 }],
    ["FOCALLEN= '530mm'", { focal_length_mm: 530 }],
    ["BINNING = '2*2'", { binning: [2, 2] }],
    ["BINNING = '2x3'", { binning: [2, 3] }],
    ['CCDXBIN =                    3', { binning: [3, 3] }],
    ["CCDTEMP = '-10 C'", { ccd_temp_c: -10 }],
    ['EGAIN   =                 1.25', {}],
    ["SITELAT = '51 30 00 N'\nSITELONG= '0 07 30 W'", { gps: { lat: 51.5, lon: close(-0.125) } }],
    [
      "SITELAT = '+46:52:00.408'\nSITELONG= '-96:27:11.8008'",
      { gps: { lat: close(46.86678), lon: close(-96.453278) } },
    ],
    ["OBJECT  = 'Barnard''s Star'", { object: "Barnard's Star" }],
  ])('%s', async (cards, expected) => {
    expect(await read(cards)).toMatchObject({ notes: [] });
    expect(await fieldsOf(cards)).toEqual(expected);
  });

  it.each([
    "BAYERPAT= 'NONE    '",
    "FILTER  = 'None    '",
    "EXPTIME = 'NaN     '",
    'FOCALLEN=                    0',
    'SITELAT =                  0.0\nSITELONG=                  0.0',
    'FOCALLEN=                    1',
    'FOCALLEN=                48768',
    'CCD-TEMP=                  999',
    'SITELAT =                 95.0\nSITELONG=                 10.0',
    'EXPTIME =                 -5.0',
  ])('%s tells nothing, and costs a note', async (cards) => {
    const { fields, notes } = await read(cards);
    expect(fields).toEqual({});
    expect(notes).toHaveLength(1);
  });
});
