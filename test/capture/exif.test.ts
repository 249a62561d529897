import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openImage } from '../../src/image/open.js';
import { type TiffTag, temporaryFolder } from '../image/files.js';
import { exifOf, exifSegment, jpegSegment, jpegWith, pngWith, tiffWith, webpWith } from './containers.js';

const folder = temporaryFolder();
const read = async (bytes: Uint8Array) => readCapture(await openImage(folder.put('picture', bytes)));

const text = (tag: number, values: string): TiffTag => ({ tag, type: 2, values });
const short = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 3, values });
const rational = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 5, values });

const PARTS = {
  image: [
    text(0x010f, 'Canon'),
    text(0x0110, 'Canon EOS R6'),
    short(0x0112, 1),
    text(0x0131, 'Firmware 1.8.1'),
  ],
  photo: [
    rational(0x829a, 30, 1),
    rational(0x829d, 28, 10),
    short(0x8827, 1600),
    text(0x9003, '2024:08:21 23:45:00'),
    text(0x9011, '+02:00'),
    rational(0x920a, 135, 1),
    short(0xa405, 135),
    text(0xa434, 'RF 135mm F1.8 L IS USM'),
  ],
  gps: [
    text(1, 'S'),
    rational(2, 33, 1, 51, 1, 3540, 100),
    text(3, 'W'),
    rational(4, 70, 1, 40, 1, 0, 1),
    { tag: 5, type: 1, values: [1] },
    rational(6, 428, 1),
  ],
};
const EXPECTED = {
  image_width: 30,
  image_height: 20,
  datetime: '2024-08-21T23:45:00',
  datetime_utc: '2024-08-21T21:45:00Z',
  exposure: 30,
  iso: 1600,
  f_number: 2.8,
  focal_length_mm: 135,
  focal_length_35mm: 135,
  camera_make: 'Canon',
  camera_model: 'Canon EOS R6',
  lens_model: 'RF 135mm F1.8 L IS USM',
  software: 'Firmware 1.8.1',
  exif_orientation: 1,
  gps: { lat: expect.closeTo(-33.8598333, 6), lon: expect.closeTo(-70.6666667, 6), alt: -428 },
};
const XMP = jpegSegment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>', 'latin1'));
const comment = (content: Buffer) => jpegSegment(0xfe, content);

describe.each([
  ['little', false],
  ['big', true],
] as const)('EXIF of %s byte order', (_, bigEndian) => {
  const block = exifOf(PARTS, bigEndian);

  it.each([
    ['a JPEG, first of all', () => jpegWith(exifSegment(block))],
    ['a JPEG, behind XMP', () => jpegWith(XMP, exifSegment(block))],
    ['a JPEG, behind 60000 bytes', () => jpegWith(comment(Buffer.alloc(60_000, 32)), exifSegment(block))],
    [
      'a JPEG, with its marker over the edge of 512 bytes',
      () => jpegWith(comment(Buffer.alloc(504, 32)), exifSegment(block)),
    ],
    [
      'a JPEG, behind a comment with a marker in it',
      () => jpegWith(comment(Buffer.from('\xff\xe1\x00\x20Exif\0\0MM', 'latin1')), exifSegment(block)),
    ],
    ['a PNG, before its pixels', () => pngWith(block, 'before')],
    ['a PNG, behind its pixels', () => pngWith(block, 'behind')],
    ['a WebP', () => webpWith(block)],
    ['a TIFF', () => tiffWith(PARTS, bigEndian)],
  ])('in %s', async (_, make) => {
    const { sources, notes, ...fields } = await read(await make());
    expect(fields).toEqual(EXPECTED);
    expect(notes).toBeUndefined();
    expect(sources).toMatchObject({
      datetime: 'EXIF DateTimeOriginal',
      exposure: 'EXIF ExposureTime',
      focal_length_35mm: 'EXIF FocalLengthIn35mmFilm',
      gps: 'EXIF GPS',
      image_width: 'image',
    });
    expect(Object.keys(sources ?? {}).sort()).toEqual(Object.keys(fields).sort());
  });
});

describe('EXIF', () => {
  it('in an AVIF', async () => {
    const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'black' } })
      .withExif({ IFD0: { Make: 'Apple', Model: 'iPhone' }, IFD2: { FocalLength: '26/10' } })
      .avif()
      .toBuffer();
    expect(await read(avif)).toMatchObject({
      camera_make: 'Apple',
      camera_model: 'iPhone',
      focal_length_mm: 2.6,
    });
  });

  it('is not there: only the size is known', async () => {
    expect(await read(await jpegWith())).toEqual({
      image_width: 30,
      image_height: 20,
      sources: { image_width: 'image', image_height: 'image' },
    });
  });

  const capture = async (parts: Parameters<typeof exifOf>[0]) =>
    read(await jpegWith(exifSegment(exifOf(parts))));
  const fields = async (parts: Parameters<typeof exifOf>[0]) => {
    const { sources, notes, image_width, image_height, ...rest } = await capture(parts);
    return rest;
  };

  it('values that say that they are unknown are unknown', async () => {
    const photo = [
      rational(0x829a, 0, 0),
      rational(0x829d, 0, 1),
      short(0x8827, 0),
      text(0x9003, '0000:00:00 00:00:00'),
      rational(0x920a, 0, 0),
      short(0xa405, 0),
      text(0xa434, '----'),
    ];
    const gps = [text(1, 'N'), rational(2, 0, 1, 0, 1, 0, 1), text(3, 'E'), rational(4, 0, 1, 0, 1, 0, 1)];
    expect(await fields({ photo, gps })).toEqual({});
    expect(await fields({ photo: [text(0x9003, '    :  :     :  :  ')] })).toEqual({});
  });

  it('dates that do not exist are left out with a note, and do not roll over', async () => {
    const { notes = [], ...found } = await capture({ photo: [text(0x9003, '2023:02:30 10:00:00')] });
    expect(found.datetime).toBeUndefined();
    expect(notes).toEqual([
      { key: 'EXIF DateTimeOriginal', value: '2023:02:30 10:00:00', why: 'the calendar has no such day' },
    ]);
  });

  it('the date of the picture counts before that of the file, which says nothing of UTC', async () => {
    const image = [text(0x0132, '2025:01:01 00:00:00')];
    const offset = text(0x9010, '+01:00');
    expect(await fields({ image, photo: [offset, text(0x9004, '2024:12:31 22:00:00')] })).toEqual({
      datetime: '2024-12-31T22:00:00',
    });
    expect(await fields({ image, photo: [offset] })).toEqual({ datetime: '2025-01-01T00:00:00' });
  });

  it('offsets shift over midnight and keep fractions of seconds', async () => {
    const photo = [text(0x9003, '2024:12:31 20:15:30'), text(0x9011, '-05:30'), text(0x9291, '25')];
    expect(await fields({ photo })).toEqual({
      datetime: '2024-12-31T20:15:30.25',
      datetime_utc: '2025-01-01T01:45:30.25Z',
    });
    const blank = [text(0x9003, '2024:12:31 20:15:30'), text(0x9011, '   :  ')];
    expect(await fields({ photo: blank })).toEqual({ datetime: '2024-12-31T20:15:30' });
  });

  it('GPS time is UTC, unless it is from another day', async () => {
    const gps = [rational(7, 21, 1, 44, 1, 58, 1), text(29, '2024:08:21')];
    const photo = (date: string) => [text(0x9003, `${date} 23:45:00`)];
    expect(await fields({ gps, photo: photo('2024:08:21') })).toMatchObject({
      datetime_utc: '2024-08-21T21:44:58Z',
    });
    const stale = await capture({ gps, photo: photo('2024:09:21') });
    expect(stale.datetime_utc).toBeUndefined();
    expect(stale.notes).toEqual([expect.objectContaining({ why: expect.stringContaining('far from') })]);
  });

  it('names in UTF-8 and Latin-1', async () => {
    expect(await fields({ image: [text(0x0110, 'Σ Caméra')] })).toEqual({ camera_model: 'Σ Caméra' });
    const latin1: TiffTag = { tag: 0x0110, type: 2, values: Buffer.from('Cam\xe9ra\0', 'latin1') };
    expect(await fields({ image: [latin1] })).toEqual({ camera_model: 'Caméra' });
  });

  it('a place without its hemisphere is no place', async () => {
    const { notes = [], ...found } = await capture({
      gps: [rational(2, 43, 1, 30, 1, 0, 1), rational(4, 5, 1, 24, 1, 0, 1)],
    });
    expect(found.gps).toBeUndefined();
    expect(notes.map(({ key }) => key)).toEqual(['EXIF GPSLatitude', 'EXIF GPSLongitude']);
  });

  it('seconds of 0/0 do not cost the place', async () => {
    const gps = [
      text(1, 'N'),
      rational(2, 43, 1, 3000, 100, 0, 0),
      text(3, 'E'),
      rational(4, 5, 1, 24, 1, 0, 0),
    ];
    expect(await fields({ gps })).toEqual({ gps: { lat: 43.5, lon: 5.4 } });
  });

  it.each([
    [2, 25.4],
    [3, 10],
    [4, 1],
  ])('pixel size from the focal plane, unit %d', async (unit, mm) => {
    const photo = [
      rational(0xa20e, mm * 250_000, 1000),
      rational(0xa20f, mm * 250_000, 1000),
      short(0xa210, unit),
    ];
    expect(await fields({ photo })).toEqual({ pixel_size_um: [expect.closeTo(4, 9), expect.closeTo(4, 9)] });
  });

  it('an ISO that does not fit its tag', async () => {
    const photo = [short(0x8827, 65535), { tag: 0x8833, type: 4, values: [102_400] }];
    expect(await fields({ photo })).toEqual({ iso: 102_400 });
  });

  it('absurd values are left out with a note', async () => {
    const { notes = [], ...found } = await capture({
      photo: [rational(0x920a, 4_000_000, 1), rational(0x829d, 1, 100)],
    });
    expect(found.focal_length_mm ?? found.f_number).toBeUndefined();
    expect(notes).toHaveLength(2);
  });

  it('half a block still gives its half, and a note', async () => {
    const whole = exifOf(PARTS);
    for (let length = 0; length < whole.length; length += 3) {
      const { notes = [], ...found } = await read(await jpegWith(exifSegment(whole.subarray(0, length))));
      expect(notes.length, `${length} bytes`).toBeGreaterThan(0);
      for (const [field, value] of Object.entries(found)) {
        // A text may be cut; a number is right or absent.
        if (typeof value === 'number') expect(value, field).toBe(EXPECTED[field as keyof typeof EXPECTED]);
      }
    }
  });
});
