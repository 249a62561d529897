import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openImage } from '../../src/image/open.js';
import { type TiffTag, temporaryFolder } from '../image/files.js';
import { exifOf, exifSegment, jpegWith } from './containers.js';
import { openedFits } from './headers.js';

const folder = temporaryFolder();
const text = (tag: number, values: string): TiffTag => ({ tag, type: 2, values });
const rational = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 5, values });

/** ModifyDate; DateTimeOriginal, CreateDate; their offsets; GPS date and time. */
interface Written {
  modified?: string;
  original?: string;
  digitized?: string;
  offsetModified?: string;
  offsetOriginal?: string;
  offsetDigitized?: string;
  subSeconds?: string;
  gpsDate?: string;
  gpsTime?: number[];
}
async function exif(written: Written) {
  const tags = (pairs: [number, string | undefined][]) =>
    pairs.flatMap(([tag, value]) => (value === undefined ? [] : [text(tag, value)]));
  const block = exifOf({
    image: tags([[0x0132, written.modified]]),
    photo: tags([
      [0x9003, written.original],
      [0x9004, written.digitized],
      [0x9010, written.offsetModified],
      [0x9011, written.offsetOriginal],
      [0x9012, written.offsetDigitized],
      [0x9291, written.subSeconds],
    ]),
    gps: [
      ...(written.gpsTime ? [rational(7, ...written.gpsTime.flatMap((part) => [part, 1]))] : []),
      ...tags([[29, written.gpsDate]]),
    ],
  });
  const { datetime, datetime_utc, notes, sources } = await readCapture(
    await openImage(folder.put('picture', await jpegWith(exifSegment(block)))),
  );
  return { datetime, datetime_utc, notes: notes ?? [], sources };
}
async function fits(cards: string) {
  const { datetime, datetime_utc, notes, sources } = await readCapture(openedFits(cards));
  return { datetime, datetime_utc, notes: notes ?? [], sources };
}

describe('EXIF dates as programs write them', () => {
  it.each<[Written, string, string | undefined]>([
    [{ original: '2015:08:22 24:08:19' }, '2015-08-22T00:08:19', undefined],
    [
      { original: '2015:08:22 24:08:19', offsetOriginal: '+02:00' },
      '2015-08-22T00:08:19',
      '2015-08-21T22:08:19Z',
    ],
    [
      { original: '2016:12:31 23:59:60', offsetOriginal: '+01:00' },
      '2016-12-31T23:59:60',
      '2016-12-31T23:00:00Z',
    ],
    [{ original: '2014: 4: 6  9: 9: 1' }, '2014-04-06T09:09:01', undefined],
    [{ original: '2014:4:6 9:9:1' }, '2014-04-06T09:09:01', undefined],
    [{ original: '2014-04-06T09:09:01' }, '2014-04-06T09:09:01', undefined],
    [{ original: '2014/04/06 09:09:01' }, '2014-04-06T09:09:01', undefined],
    [{ original: '2014:04:06 09:09:01 PM' }, '2014-04-06T21:09:01', undefined],
    [{ original: '2014:04:06 12:09:01 am' }, '2014-04-06T00:09:01', undefined],
    [{ original: '2014:04:06 12:09:01 p.m.' }, '2014-04-06T12:09:01', undefined],
    [{ original: '08/22/2015 11:08:19 PM' }, '2015-08-22T23:08:19', undefined],
    [{ original: '22.08.2015 23:08:19' }, '2015-08-22T23:08:19', undefined],
    [{ original: '2015:08:22 23:08:19Z' }, '2015-08-22T23:08:19', '2015-08-22T23:08:19Z'],
    [{ original: '2015:08:22 23:08:19+05:45' }, '2015-08-22T23:08:19', '2015-08-22T17:23:19Z'],
    [{ original: '20150822 230819' }, '2015-08-22T23:08:19', undefined],
    [{ original: 'Sat Aug 22 23:08:19 2015' }, '2015-08-22T23:08:19', undefined],
    [{ original: '2015:08:22 23:08:19', subSeconds: '042' }, '2015-08-22T23:08:19.042', undefined],
    [{ original: '2015:08:22 23:08:19', subSeconds: '  ' }, '2015-08-22T23:08:19', undefined],
    [
      { original: '2015:08:22 23:08:19', offsetOriginal: '-1200' },
      '2015-08-22T23:08:19',
      '2015-08-23T11:08:19Z',
    ],
    [
      { digitized: '2015:08:22 23:08:19', offsetDigitized: '+14:00' },
      '2015-08-22T23:08:19',
      '2015-08-22T09:08:19Z',
    ],
    // One moment of one clock: the offset of the one is that of the other.
    [
      { original: '2015:08:22 23:08:19', modified: '2015:08:22 23:08:19', offsetModified: '+02:00' },
      '2015-08-22T23:08:19',
      '2015-08-22T21:08:19Z',
    ],
    [
      { original: '2015:08:22 23:08:19', modified: '2015:09:01 10:00:00', offsetModified: '+02:00' },
      '2015-08-22T23:08:19',
      undefined,
    ],
    [{ modified: '2015:08:22 23:08:19', offsetModified: '+02:00' }, '2015-08-22T23:08:19', undefined],
    [{ original: '                   ', modified: '2015:08:22 23:08:19' }, '2015-08-22T23:08:19', undefined],
  ])('%o', async (written, datetime, utc) => {
    const found = await exif(written);
    expect(found.datetime).toBe(datetime);
    expect(found.datetime_utc).toBe(utc);
    expect(found.notes).toEqual([]);
  });
});

describe('EXIF dates that are left out, with a note', () => {
  it.each<[Written, string, string | undefined]>([
    [
      { original: '2015:08:22 23:08:19', offsetOriginal: '+15:00' },
      'OffsetTimeOriginal',
      '2015-08-22T23:08:19',
    ],
    [
      { original: '2015:08:22 23:08:19', offsetOriginal: '+99:99' },
      'OffsetTimeOriginal',
      '2015-08-22T23:08:19',
    ],
    [
      { original: '2015:08:22 23:08:19', offsetOriginal: 'CEST' },
      'OffsetTimeOriginal',
      '2015-08-22T23:08:19',
    ],
    [{ original: '1970:01:01 00:00:00' }, 'DateTimeOriginal', undefined],
    [{ original: '1970:01:01 01:12:09' }, 'DateTimeOriginal', undefined],
    [{ original: '2000:01:01 00:00:37' }, 'DateTimeOriginal', undefined],
    [{ original: '1980:01:01 00:00:00' }, 'DateTimeOriginal', undefined],
    [{ original: '0000:00:00 00:00:00' }, 'DateTimeOriginal', undefined],
    [{ original: '1750:01:01 12:00:00' }, 'DateTimeOriginal', undefined],
    [{ original: '2107:01:01 12:00:00' }, 'DateTimeOriginal', undefined],
    [{ original: '2015:13:22 23:08:19' }, 'DateTimeOriginal', undefined],
    [{ original: '2015:08:22 25:08:19' }, 'DateTimeOriginal', undefined],
    [{ original: '04/05/2015 23:08:19' }, 'DateTimeOriginal', undefined],
    [{ original: 'yesterday', modified: '2015:08:22 23:08:19' }, 'DateTimeOriginal', undefined],
    [{ original: '0000:00:00 00:00:00', modified: '2015:08:22 23:08:19' }, 'DateTimeOriginal', undefined],
    [{ original: '2015:02:30 23:08:19', modified: '2015:08:22 23:08:19' }, 'DateTimeOriginal', undefined],
  ])('%o', async (written, key, datetime) => {
    const found = await exif(written);
    expect(found.datetime).toBe(datetime);
    expect(found.datetime_utc).toBeUndefined();
    expect(found.notes).toEqual([expect.objectContaining({ key: `EXIF ${key}` })]);
  });

  it('the date of digitizing serves where the one of the exposure cannot be read', async () => {
    const found = await exif({ original: 'garbled', digitized: '2015:08:22 23:08:19' });
    expect(found.datetime).toBe('2015-08-22T23:08:19');
    expect(found.sources?.datetime).toBe('EXIF CreateDate');
    expect(found.notes).toHaveLength(1);
  });
});

describe('GPS time', () => {
  it.each<[Written, string | undefined]>([
    [{ gpsDate: '2015:08:22', gpsTime: [21, 8, 19] }, '2015-08-22T21:08:19Z'],
    [{ gpsDate: '2015:08:22', gpsTime: [24, 8, 19] }, '2015-08-22T00:08:19Z'],
    [{ gpsDate: '2015-08-22', gpsTime: [0, 8, 19] }, '2015-08-22T00:08:19Z'],
    [{ gpsDate: '2015:8:2', gpsTime: [0, 8, 19] }, '2015-08-02T00:08:19Z'],
    [{ gpsDate: '2016:12:31', gpsTime: [23, 59, 60] }, '2017-01-01T00:00:00Z'],
    [{ gpsDate: '2015:08:22', gpsTime: [25, 8, 19] }, undefined],
    [{ gpsDate: '1980:01:06', gpsTime: [0, 0, 0] }, undefined],
    [{ gpsDate: '0000:00:00', gpsTime: [0, 0, 0] }, undefined],
  ])('%o', async (written, utc) => {
    const found = await exif(written);
    expect(found.datetime_utc).toBe(utc);
    expect(found.notes).toHaveLength(utc ? 0 : 1);
  });
});

describe('FITS dates', () => {
  it.each([
    ["DATE-OBS= '2016-12-31T23:59:60Z'", '2016-12-31T23:59:60', '2017-01-01T00:00:00Z', 'DATE-OBS'],
    ["DATE-OBS= '2016-12-31T23:59:60.5'", '2016-12-31T23:59:60.5', '2017-01-01T00:00:00.5Z', 'DATE-OBS'],
    ["DATE-OBS= '2024- 8- 1T 3: 5: 9'", '2024-08-01T03:05:09', '2024-08-01T03:05:09Z', 'DATE-OBS'],
    [
      "DATE-OBS= '03/12/96' / days/month/year\nUT      = '02:03:28'",
      '1996-12-03T02:03:28',
      '1996-12-03T02:03:28Z',
      'DATE-OBS, UT',
    ],
    [
      "DATE-OBS= '12/03/96' / mm/dd/yy\nUT      = '02:03:28'",
      '1996-12-03T02:03:28',
      '1996-12-03T02:03:28Z',
      'DATE-OBS, UT',
    ],
    ["DATE-OBS= '12/31/2015 11:08:19 PM'", '2015-12-31T23:08:19', '2015-12-31T23:08:19Z', 'DATE-OBS'],
    ["DATE-OBS= '21-Aug-2024 23:45:00'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z', 'DATE-OBS'],
    [
      "DATE-OBS= '2024-08-21'\nUT      = '23 45 00'",
      '2024-08-21T23:45:00',
      '2024-08-21T23:45:00Z',
      'DATE-OBS, UT',
    ],
    [
      "DATE-OBS= '2024-08-21'\nUT      = 23.75 / [h]",
      '2024-08-21T23:45:00.000',
      '2024-08-21T23:45:00.000Z',
      'DATE-OBS, UT',
    ],
    ["DATE-BEG= '2024-08-21T23:45:00'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z', 'DATE-BEG'],
    [
      "DATE-OBS= 'garbled'\nDATE-AVG= '2024-08-21T23:45:00'",
      '2024-08-21T23:45:00',
      '2024-08-21T23:45:00Z',
      'DATE-AVG',
    ],
    ["DATE-END= '2024-08-21T23:45:00'", '2024-08-21T23:45:00', '2024-08-21T23:45:00Z', 'DATE-END'],
    ['JD      = 2460544.4895833335', '2024-08-21T23:45:00.000', '2024-08-21T23:45:00.000Z', 'JD'],
    [
      "DATE-OBS= '2024-08-21'\nMJD-OBS = 60543.98958333333",
      '2024-08-21T23:45:00.000',
      '2024-08-21T23:45:00.000Z',
      'MJD-OBS',
    ],
    ["DATE-OBS= '2024-08-21T23:45:00' / UTC+2", '2024-08-21T23:45:00', '2024-08-21T21:45:00Z', 'DATE-OBS'],
    [
      "DATE-OBS= '2024-08-21T23:45:00' / [UTC] start, not local time",
      '2024-08-21T23:45:00',
      '2024-08-21T23:45:00Z',
      'DATE-OBS',
    ],
    [
      "DATE-OBS= '2024-08-21T23:45:00' / System Clock:Est. Frame Start",
      '2024-08-21T23:45:00',
      '2024-08-21T23:45:00Z',
      'DATE-OBS',
    ],
  ])('%s', async (cards, datetime, utc, keyword) => {
    const found = await fits(cards);
    expect(found.datetime).toBe(datetime);
    expect(found.datetime_utc).toBe(utc);
    expect(found.sources?.datetime).toBe(`FITS ${keyword}`);
  });

  it.each([
    ["DATE-OBS= '2023-06-10T21:38:19' / local time", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10T21:38:19' / Local date and time of exposure", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10T21:38:19' / start (CEST)", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10T21:38:19 local'", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10'\nTIME-OBS= '21:38:19' / local time", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10T21:38:19+15:00'", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10T21:38:19'\nTIMESYS = 'TT'", '2023-06-10T21:38:19'],
    ["DATE-OBS= '2023-06-10T24:00:00'", '2023-06-11T00:00:00'],
    ["DATE-OBS= '2023-06-10T24:08:19'", '2023-06-10T00:08:19'],
  ])('%s is no UTC', async (cards, datetime) => {
    const found = await fits(cards);
    expect(found.datetime).toBe(datetime);
    expect(found.datetime_utc).toBeUndefined();
    expect(found.notes).toHaveLength(1);
  });

  it.each([
    "DATE-OBS= '1970-01-01T00:00:00'",
    "DATE-OBS= '1969-12-31T19:00:00'",
    "DATE-OBS= '2000-01-01T00:00:00.000'",
    "DATE-OBS= '2000-01-01T12:00:00'",
    "DATE-OBS= '0001-01-01T00:00:00'",
    "DATE-OBS= '1712-05-01T00:00:00'",
    "DATE-OBS= '2188-05-01T00:00:00'",
    'MJD-OBS = 2459000.5',
    'JD      = 60543.98',
    'MJD-OBS = 0.0',
    "DATE-OBS= 'garbled'\nDATE    = '2024-08-21'\nTIME-OBS= '21:38:19'",
  ])('%s tells nothing, and costs a note', async (cards) => {
    const found = await fits(cards);
    expect(found.datetime ?? found.datetime_utc).toBeUndefined();
    expect(found.notes).toHaveLength(1);
  });

  it('a picture of New Year 2000 is one', async () => {
    expect(await fits("DATE-OBS= '2000-01-01T00:12:07'")).toMatchObject({ datetime: '2000-01-01T00:12:07' });
  });
});
