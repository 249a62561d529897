import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { openImage } from '../../src/image/open.js';
import { temporaryFolder } from './files.js';
import { blockMeans, expectClose } from './means.js';
import {
  type Codec,
  type Format,
  keyword,
  property,
  rawXisf,
  type XisfPicture,
  xisfOf,
} from './xisf-files.js';

const folder = temporaryFolder();
let files = 0;
// The name says something else: it plays no part.
const put = (bytes: Buffer) => folder.put(`${files++}.jpg`, bytes);
const open = (picture: XisfPicture, outside = '') => openImage(put(xisfOf([picture], outside)));

const [width, height] = [13, 9];
const grey = Array.from({ length: width * height }, (_, i) => (i * 37 + Math.floor(i / width) * 11) % 251);
const rgb = Array.from({ length: 3 * width * height }, (_, i) => (i * 53 + Math.floor(i / 7)) % 247);
const meanOf = (planes: readonly number[]) =>
  Array.from({ length: width * height }, (_, i) => {
    const at = (plane: number) => planes[i + plane * width * height]!;
    return (at(0) + at(1) + at(2)) / 3;
  });
const FORMATS: readonly Format[] = ['UInt8', 'UInt16', 'UInt32', 'UInt64', 'Float32', 'Float64'];
const CODECS: readonly Codec[] = ['zlib', 'lz4', 'lz4hc', 'zstd'];

describe('XISF pixels', () => {
  it.each(FORMATS)('%s, grey, in either byte order', async (format) => {
    for (const bigEndian of [false, true]) {
      const image = await open({ width, height, format, values: grey, bigEndian });
      expect(image).toMatchObject({ kind: 'xisf', width, height, rowOrder: 'top-down' });
      expect([...(await image.grey(1)).data]).toEqual(grey);
    }
  });

  it('8 and 16 bits stay what they are', async () => {
    const of = async (format: Format) =>
      (await (await open({ width, height, format, values: grey })).grey(1)).data;
    expect(await of('UInt8')).toBeInstanceOf(Uint8Array);
    expect(await of('UInt16')).toBeInstanceOf(Uint16Array);
    expect(await of('Float64')).toBeInstanceOf(Float32Array);
  });

  it.each(CODECS.flatMap((codec) => [false, true].map((shuffled) => [codec, shuffled] as const)))(
    '%s, shuffled %s, in one part and in several',
    async (codec, shuffled) => {
      for (const format of ['UInt8', 'UInt16', 'Float32', 'Float64'] as const) {
        for (const subblocks of [1, 3]) {
          const image = await open({ width, height, format, values: grey, codec, shuffled, subblocks });
          expect([...(await image.grey(1)).data]).toEqual(grey);
        }
      }
    },
  );

  it('Zstandard as its own program writes it', async () => {
    // printf of the bytes 0, 1, …, 15 sixteen times, through zstd -19.
    const packed = Buffer.from(
      '28b52ffd0468bd000080000102030405060708090a0b0c0d0e0f0100da43cd25e4b439ea',
      'hex',
    );
    const xml = `<xisf version="1.0"><Image geometry="16:16:1" sampleFormat="UInt8" colorSpace="Gray" location="attachment:4096:${packed.length}" compression="zstd:256"/></xisf>`;
    const image = await openImage(put(rawXisf(xml, [packed])));
    expect([...(await image.grey(1)).data]).toEqual(Array.from({ length: 256 }, (_, i) => i % 16));
  });

  it.each([false, true])('colour, channels side by side %s, becomes the mean', async (normal) => {
    for (const codec of [undefined, 'zlib', 'lz4'] as const) {
      const picture = {
        width,
        height,
        channels: 3,
        values: rgb,
        normal,
        ...(codec && { codec, shuffled: true }),
      };
      expectClose((await (await open(picture)).grey(1)).data, meanOf(rgb), 1e-4);
    }
  });

  it('alpha counts for nothing', async () => {
    const withAlpha = [...rgb, ...grey.map(() => 40_000)];
    for (const normal of [false, true]) {
      const image = await open({ width, height, channels: 4, values: withAlpha, normal });
      expectClose((await image.grey(1)).data, meanOf(rgb), 1e-4);
    }
  });

  it('shrinks to block means; what is no number has no value', async () => {
    const image = await open({
      width,
      height,
      format: 'Float32',
      values: grey,
      codec: 'zlib',
      shuffled: true,
    });
    const shrunk = await image.grey(2);
    expect([shrunk.width, shrunk.height, shrunk.scale]).toEqual([6, 4, [2, 2]]);
    expectClose(shrunk.data, blockMeans(grey, width, height, 2), 1e-4);
    const odd = await open({ width: 2, height: 1, format: 'Float32', values: [Number.POSITIVE_INFINITY, 3] });
    expect([...(await odd.grey(1)).data]).toEqual([Number.NaN, 3]);
  });

  it('in the header itself, as text', async () => {
    for (const where of ['inline', 'embedded'] as const) {
      for (const codec of [undefined, 'zlib', 'zstd'] as const) {
        const image = await open({ width, height, values: grey, where, ...(codec && { codec }) });
        expect([...(await image.grey(1)).data]).toEqual(grey);
      }
    }
  });
});

describe('several pictures in one XISF', () => {
  const small: XisfPicture = { width: 4, height: 3, values: Array(12).fill(7) };
  const named = (id: string, picture: XisfPicture): XisfPicture => ({ ...picture, attributes: { id } });
  const file = put(
    xisfOf([
      named('rejection_high', { width, height, values: grey.map(() => 0) }),
      named('integration', { width, height, values: grey }),
      named('preview', small),
    ]),
  );

  it('takes the largest that is no map, and says which', async () => {
    const image = await openImage(file);
    expect([...(await image.grey(1)).data]).toEqual(grey);
    expect((await readCapture(image)).sources?.image).toBe('image 2 of 3 (integration)');
  });

  it('or the one that is asked for, by number or identifier', async () => {
    expect(await openImage(file, { extension: 3 })).toMatchObject({ width: 4, height: 3 });
    expect(await openImage(file, { extension: 'preview' })).toMatchObject({ width: 4, height: 3 });
    await expect(openImage(file, { extension: 9 })).rejects.toMatchObject({ code: 'unsupported_image' });
  });
});

describe('what an XISF says of the capture', () => {
  const keywords = [
    keyword('EXPTIME', '300.', '[s] exposure'),
    keyword('OBJECT', "'Barnard&apos;s Loop &amp; M42'"),
    keyword('INSTRUME', "'ZWO ASI2600MM Pro'"),
    keyword('DATE-OBS', "'2023-10-14T21:11:22.123'"),
    keyword('OBSERVER', "'Émile Łoś'"),
    keyword('HISTORY', '', 'Integration with PixInsight'),
  ].join('');
  const properties = [
    property('Instrument:ExposureTime', 'Float32', '999'),
    property('Instrument:Telescope:FocalLength', 'Float32', '0.55'),
    property('Instrument:Telescope:Name', 'String', 'Esprit 100'),
    property('Instrument:Sensor:XPixelSize', 'Float32', '3.76'),
    property('Instrument:Sensor:YPixelSize', 'Float32', '3.76'),
    property('Instrument:Camera:XBinning', 'Int32', '2'),
    property('Instrument:Camera:YBinning', 'Int32', '2'),
    property('Observation:Center:RA', 'Float64', '12.5'),
    property('Observation:Center:Dec', 'Float64', '-1.25'),
    property('Observation:Location:Latitude', 'Float64', '48.2'),
    property('Observation:Location:Longitude', 'Float64', '-16.3'),
    property('Observation:Location:Elevation', 'Float64', '450'),
  ].join('');

  it('FITS keywords come first, with their comments', async () => {
    const capture = await readCapture(
      await open({ width, height, values: grey, inside: keywords + properties }),
    );
    expect(capture).toMatchObject({
      exposure: 300,
      object: "Barnard's Loop & M42",
      camera_model: 'ZWO ASI2600MM Pro',
      datetime_utc: '2023-10-14T21:11:22.123Z',
      observer: 'Émile Łoś',
    });
    expect(capture.sources?.exposure).toBe('FITS EXPTIME');
  });

  it('properties say the rest, in their own units and under their own names', async () => {
    const capture = await readCapture(await open({ width, height, values: grey, inside: properties }));
    expect(capture).toMatchObject({
      exposure: 999,
      focal_length_mm: 550,
      telescope: 'Esprit 100',
      pixel_size_um: [3.76, 3.76],
      binning: [2, 2],
      pointing: { ra: 12.5, dec: -1.25 },
      gps: { lat: 48.2, lon: -16.3, alt: 450 },
      image_width: width,
    });
    expect(capture.sources).toMatchObject({
      exposure: 'XISF Instrument:ExposureTime',
      pixel_size_um: 'XISF Instrument:Sensor:XPixelSize, Instrument:Sensor:YPixelSize',
      pointing: 'XISF Observation:Center:RA, Observation:Center:Dec',
      gps: 'XISF Observation:Location:Latitude, Observation:Location:Longitude, Observation:Location:Elevation',
    });
  });

  it('they give hints of scale and place', async () => {
    const image = await open({ width, height, values: grey, inside: properties });
    const { hints } = deriveHints(image, await readCapture(image));
    const scale = (206.265 * 3.76 * 2) / 550;
    expect(hints.scales[0]!.low_arcsec_per_pixel).toBeLessThan(scale);
    expect(hints.scales[0]!.high_arcsec_per_pixel).toBeGreaterThan(scale);
    expect(hints.positions[0]).toMatchObject({ ra_deg: 12.5, dec_deg: -1.25 });
  });

  it('properties of the file, a pattern of colours, times and text in CDATA', async () => {
    const inside = `<ColorFilterArray pattern="RGGB" width="2" height="2"/>${property('Observation:Time:Start', 'TimePoint', '2024-03-01T22:10:05Z')}<Property id="Observation:Object:Name" type="String"><![CDATA[M 31 <core>]]></Property>`;
    const outside = `<Metadata>${property('XISF:CreatorApplication', 'String', 'PixInsight 1.8.9')}</Metadata>`;
    expect(await readCapture(await open({ width, height, values: grey, inside }, outside))).toMatchObject({
      bayer_pattern: 'RGGB',
      datetime_utc: '2024-03-01T22:10:05Z',
      object: 'M 31 <core>',
      software: 'PixInsight 1.8.9',
    });
  });

  it('values that make no sense cost a note and nothing else', async () => {
    const inside = [
      property('Instrument:ExposureTime', 'Float32', 'NaN'),
      property('Instrument:Telescope:FocalLength', 'Float32', '-5'),
      property('Instrument:Filter:Name', 'String', 'Ha'),
    ].join('');
    const capture = await readCapture(await open({ width, height, values: grey, inside }));
    expect(capture.filter).toBe('Ha');
    expect(capture).not.toHaveProperty('exposure');
    expect(capture).not.toHaveProperty('focal_length_mm');
    expect(capture.notes?.map(({ key }) => key)).toContain('XISF Instrument:Telescope:FocalLength');
  });
});

describe('damaged and hostile XISF files', () => {
  const reading = async (bytes: Buffer, limits = {}) => {
    try {
      await (await openImage(put(bytes), limits)).grey(1);
      return 'read';
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  };
  const picture: XisfPicture = { width, height, values: grey };
  const claiming = (attributes: Record<string, string>) => xisfOf([{ ...picture, attributes }]);

  it('cut off anywhere', async () => {
    for (const codec of [undefined, ...CODECS]) {
      const whole = xisfOf([{ ...picture, ...(codec && { codec, shuffled: true }) }]);
      for (let end = 8; end < whole.length; end += 97)
        expect(await reading(whole.subarray(0, end)), `${codec} ${end}`).toBe('corrupt_image');
      expect(await reading(whole.subarray(0, -1))).toBe('corrupt_image');
    }
  });

  it('sizes that no file has are refused before memory is taken', async () => {
    const before = process.memoryUsage().rss;
    expect(await reading(claiming({ geometry: '1000000:1000000:1' }))).toBe('corrupt_image');
    expect(await reading(claiming({ geometry: '99999999999:2:1' }))).toBe('corrupt_image');
    expect(await reading(claiming({ geometry: '-4:2:1' }))).toBe('corrupt_image');
    expect(await reading(claiming({ geometry: '20000:20000:1', compression: 'zlib:800000000' }))).toBe(
      'corrupt_image',
    );
    expect(await reading(claiming({ geometry: '20000:20000:1', compression: 'lz4:900000000000' }))).toBe(
      'image_too_large',
    );
    expect(await reading(claiming({ compression: 'zstd:1e9' }))).toBe('corrupt_image');
    expect(await reading(claiming({ location: 'attachment:4096:99999999999' }))).toBe('corrupt_image');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it('limits hold', async () => {
    expect(await reading(xisfOf([picture]), { maxPixels: 100 })).toBe('image_too_large');
    const packed = xisfOf([
      { ...picture, values: grey.map(() => 0), width: 100, height: 100, codec: 'zlib' },
    ]);
    expect(await reading(packed, { maxBytes: 10_000 })).toBe('image_too_large');
  });

  it('data that expand to something else than was said', async () => {
    for (const codec of CODECS) {
      for (const size of [2 * grey.length - 2, 2 * grey.length + 2]) {
        const bytes = xisfOf([{ ...picture, codec, attributes: { compression: `${codec}:${size}` } }]);
        expect(await reading(bytes), `${codec} ${size}`).toBe('corrupt_image');
      }
    }
    expect(
      await reading(
        xisfOf([{ ...picture, codec: 'zlib', subblocks: 2, attributes: { subblocks: '10,20' } }]),
      ),
    ).toBe('corrupt_image');
  });

  it('compressed data of any bytes end in an answer', async () => {
    for (const codec of CODECS) {
      const whole = xisfOf([{ ...picture, codec, shuffled: true }]);
      for (let i = 0; i < 150; i++) {
        const bytes = Buffer.from(whole);
        const at = 4096 + ((i * 7919) % (whole.length - 4096));
        bytes[at]! ^= 1 << (i % 8);
        expect(['read', 'corrupt_image']).toContain(await reading(bytes));
      }
    }
  });

  it('kinds that are not read are named', async () => {
    const naming = async (attributes: Record<string, string>) =>
      openImage(put(claiming(attributes))).then(
        () => 'read',
        (thrown: Error) => thrown.message,
      );
    expect(await naming({ sampleFormat: 'Complex32' })).toContain('Complex32');
    expect(await naming({ compression: 'brotli:234' })).toContain('brotli');
    expect(await naming({ location: 'url(http://example.org/block)' })).toContain('another file');
    expect(await naming({ geometry: '2:2:2:1' })).toContain('3 dimensions');
    expect(await naming({ colorSpace: 'CMYK' })).toContain('CMYK');
    await expect(openImage(put(xisfOf([])))).rejects.toThrow('without a picture');
  });

  it('headers that are no XML', async () => {
    const image = '<Image geometry="1:1:1"';
    for (const xml of [
      '',
      '<xisf',
      `<xisf>${image}`,
      `<xisf>${image}/></xisf></xisf>`,
      '<svg></svg>',
      '<xisf><!-- ',
      `<xisf>${'<a>'.repeat(100)}`,
      `<xisf>${'<a/>'.repeat(300_000)}</xisf>`,
    ]) {
      expect(await reading(rawXisf(xml)), xml.slice(0, 40)).toBe('corrupt_image');
    }
    const lies = rawXisf('<xisf/>');
    lies.writeUInt32LE(0xffffffff, 8);
    expect(await reading(lies)).toBe('corrupt_image');
  });
});
