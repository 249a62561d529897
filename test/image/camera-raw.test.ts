import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { openPixels } from '../../src/export/pixels.js';
import { openImage } from '../../src/image/open.js';
import { uprightPicture } from '../../src/image/picture.js';
import { exifOf, exifSegment } from '../capture/containers.js';
import { type TiffTag, temporaryFolder, testCard, tiffOf } from './files.js';
import { expectClose } from './means.js';
import { cr3Of, jpegTags, PHOTO, rafOf, sensorTags, TIFF_RAWS, tiffRawOf } from './raw-files.js';

const folder = temporaryFolder();
let files = 0;
const put = (bytes: Buffer) => folder.put(`${files++}.png`, bytes);
const card = testCard(48, 32);
const jpegOf = (width: number, height: number) =>
  sharp(testCard(width, height).rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
const withExif = (jpeg: Buffer, block: Buffer) =>
  Buffer.concat([jpeg.subarray(0, 2), exifSegment(block), jpeg.subarray(2)]);

let preview: Buffer;
let small: Buffer;
/** The brightness of the preview as a file of its own. */
let alone: number[];
beforeAll(async () => {
  preview = await jpegOf(48, 32);
  small = await jpegOf(16, 12);
  alone = [...(await (await openImage(put(preview))).grey(1)).data];
});

const capture = {
  exposure: 30,
  iso: 1600,
  focal_length_mm: 50,
  datetime: '2023-08-12T23:14:05',
  exif_orientation: 6,
};
const SENSORS: Readonly<Record<string, number>> = {
  cr2: 5472,
  nef: 6032,
  arw: 6048,
  dng: 4080,
  rw2: 4620,
  orf: 5240,
};

describe('camera raw files built like TIFF', () => {
  it.each(Object.keys(TIFF_RAWS))('%s: the preview, and the metadata of the whole', async (kind) => {
    const image = await openImage(put(TIFF_RAWS[kind]!(preview)));
    expect(image).toMatchObject({ kind: 'camera-raw', width: 48, height: 32, exifOrientation: 6 });
    expect([...(await image.grey(1)).data]).toEqual(alone);
    const read = await readCapture(image);
    expect(read).toMatchObject({ ...capture, gps: { lat: 46.5, lon: 11.25 }, recorded_width: SENSORS[kind] });
    expect(read.camera_model).toMatch(/\w/);
    expect(read.sources?.image).toContain('preview of 48 × 32 pixels');
  });

  it('are shown upright and in colour, and exported in colour', async () => {
    const image = await openImage(put(TIFF_RAWS.arw!(preview)));
    const shown = await (await uprightPicture(image, { width: 32, height: 48 })).raw().toBuffer();
    const pixel = (x: number, y: number) => [...shown.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];
    // Orientation 6: the lower left of the file is the upper left of the picture.
    const at = (31 * 48 + 0) * 3;
    expectClose(pixel(0, 0), [...card.rgb.subarray(at, at + 3)], 12);
    expect((await openPixels(image)).axes).toEqual([48, 32, 3]);
  });

  it('shrink like any picture', async () => {
    const image = await openImage(put(TIFF_RAWS.nef!(preview)));
    const shrunk = await image.grey(4);
    expect([shrunk.width, shrunk.height, shrunk.scale]).toEqual([12, 8, [4, 4]]);
  });

  it('the largest preview counts; lossless sensor data are none', async () => {
    const both = Buffer.concat([preview, small]);
    const file = tiffRawOf({
      model: 'X',
      preview: both,
      // The one of the first directory stands behind the other.
      first: [
        { tag: 513, type: 4, values: [16 + preview.length] },
        { tag: 514, type: 4, values: [small.length] },
      ],
      sub: [...jpegTags(preview), ...sensorTags(6000, 4000)],
    });
    expect(await openImage(put(file))).toMatchObject({ width: 48 });
    const lossless = Buffer.from(preview);
    const frame = lossless.indexOf(Buffer.from([0xff, 0xc0]));
    lossless[frame + 1] = 0xc3;
    await expect(openImage(put(TIFF_RAWS.arw!(lossless)))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('without a JPEG preview'),
    });
  });

  it('one without a preview is refused by name', async () => {
    const bare = tiffOf([{ tag: 50_706, type: 1, values: [1, 4, 0, 0] }, ...sensorTags(100, 80, 1)]);
    await expect(openImage(put(bare))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('camera raw'),
    });
  });

  it('RW2: what only the EXIF of its JPEG says', async () => {
    const block = exifOf({
      photo: [
        { tag: 0x829a, type: 5, values: [15, 1] },
        { tag: 0x8827, type: 3, values: [800] },
        { tag: 0xa405, type: 3, values: [24] },
      ],
    });
    const jpeg = withExif(preview, block);
    const file = (photo: readonly TiffTag[]) =>
      tiffRawOf({
        model: 'DMC-LX3',
        preview: jpeg,
        magic: 'U\0',
        first: [{ tag: 0x2e, type: 7, values: jpeg }],
        photo,
      });
    const read = async (photo: readonly TiffTag[]) => readCapture(await openImage(put(file(photo))));
    const withoutIso = PHOTO.filter(({ tag }) => tag !== 0x8827);
    expect(await read(withoutIso)).toMatchObject({ exposure: 30, iso: 800, focal_length_35mm: 24 });
    expect(await read(PHOTO)).toMatchObject({ exposure: 30, iso: 1600, focal_length_35mm: 24 });
  });

  it('one that was cut off is read from what is left, with a note', async () => {
    const file = tiffRawOf({
      model: 'X',
      preview: small,
      first: jpegTags(small),
      sub: [
        { tag: 513, type: 4, values: [1_000_000] },
        { tag: 514, type: 4, values: [500_000] },
        ...sensorTags(6000, 4000),
      ],
    });
    const image = await openImage(put(file));
    expect(image).toMatchObject({ width: 16, height: 12 });
    expect(image.notes).toEqual([expect.stringContaining('cut off')]);
    expect((await openImage(put(TIFF_RAWS.arw!(preview)))).notes).toEqual([]);
  });

  it('a scale is reckoned from the pixels of the sensor', async () => {
    // 36 mm over 6048 pixels: 168 pixels a millimetre.
    const plane = [
      { tag: 0xa20e, type: 5, values: [168, 1] },
      { tag: 0xa210, type: 3, values: [4] },
    ];
    const file = tiffRawOf({
      model: 'ILCE-7M3',
      preview,
      first: [{ tag: 254, type: 4, values: [1] }, ...jpegTags(preview)],
      sub: sensorTags(6048, 4032),
      photo: [...PHOTO, ...plane],
    });
    const image = await openImage(put(file));
    const { hints } = deriveHints(image, await readCapture(image));
    const scale = ((206_265 * (36 / 48)) / 1000 / 50) * 1000;
    expect(hints.scales[0]!.low_arcsec_per_pixel).toBeLessThan(scale);
    expect(hints.scales[0]!.high_arcsec_per_pixel).toBeGreaterThan(scale);
  });
});

describe('Canon CR3', () => {
  it('the picture of the first track, and EXIF of three boxes', async () => {
    const image = await openImage(put(cr3Of(preview, small)));
    expect(image).toMatchObject({ kind: 'camera-raw', width: 48, height: 32, exifOrientation: 6 });
    expect([...(await image.grey(1)).data]).toEqual(alone);
    expect(await readCapture(image)).toMatchObject({
      ...capture,
      camera_model: 'EOS R6',
      gps: { lat: 46.5, lon: 11.25 },
      recorded_width: 5472,
    });
  });

  it('or the preview, where there is no other', async () => {
    expect(await openImage(put(cr3Of(undefined, preview)))).toMatchObject({ width: 48, height: 32 });
  });
});

describe('Fujifilm RAF', () => {
  it('the JPEG, its EXIF, and the size of the sensor', async () => {
    const block = exifOf({
      image: [
        { tag: 272, type: 2, values: 'X-T3' },
        { tag: 274, type: 3, values: [6] },
      ],
      photo: PHOTO,
    });
    const image = await openImage(put(rafOf(withExif(preview, block), 6240, 4160)));
    expect(image).toMatchObject({ kind: 'camera-raw', width: 48, height: 32, fullSize: [6240, 4160] });
    expect(await readCapture(image)).toMatchObject({
      ...capture,
      camera_model: 'X-T3',
      recorded_width: 6240,
    });
  });
});

describe('Fujifilm RAF, as cameras write it', () => {
  it('EXIF that is about the preview gives the scale of the preview', async () => {
    // As a FinePix S5500 has it, in small: 5.3 mm over the width of the preview, not over that of the sensor.
    const block = exifOf({
      photo: [
        ...PHOTO,
        { tag: 0xa002, type: 4, values: [48] },
        { tag: 0xa003, type: 4, values: [32] },
        { tag: 0xa20e, type: 5, values: [906, 10] },
        { tag: 0xa20f, type: 5, values: [906, 10] },
        { tag: 0xa210, type: 3, values: [3] },
      ],
    });
    const image = await openImage(put(rafOf(withExif(preview, block), 122, 82)));
    const read = await readCapture(image);
    expect(read.recorded_width).toBeUndefined();
    const [best] = deriveHints(image, read).hints.scales;
    const scale = (206.265 * (10_000 / 90.6)) / 50;
    expect(best!.low_arcsec_per_pixel).toBeLessThan(scale);
    expect(best!.high_arcsec_per_pixel).toBeGreaterThan(scale);
  });
});

describe('damaged and hostile camera raw files', () => {
  const reading = (file: Buffer) =>
    openImage(put(file))
      .then((image) => Promise.all([image.grey(1), readCapture(image)]))
      .then(
        () => 'read',
        (thrown: { code: string }) => thrown.code,
      );
  const whole = (): [string, Buffer][] => [
    ...Object.entries(TIFF_RAWS).map(([kind, write]): [string, Buffer] => [kind, write(preview)]),
    ['cr3', cr3Of(preview, small)],
    ['raf', rafOf(preview, 6000, 4000)],
  ];

  it('cut off anywhere', async () => {
    for (const [kind, file] of whole()) {
      for (let end = 40; end < file.length; end += 211) {
        const answer = await reading(file.subarray(0, end));
        expect(['corrupt_image', 'unsupported_image', 'read'], `${kind} ${end}`).toContain(answer);
      }
    }
  });

  it('with any byte changed', async () => {
    for (const [kind, file] of whole()) {
      for (let i = 0; i < 120; i++) {
        const bytes = Buffer.from(file);
        // The structures stand at the start and at the end.
        const at = i % 2 === 0 ? (i * 31) % 400 : bytes.length - 1 - ((i * 17) % 500);
        bytes[at] = (i * 89) % 256;
        expect(['corrupt_image', 'unsupported_image', 'image_too_large', 'read'], `${kind} ${i}`).toContain(
          await reading(bytes),
        );
      }
    }
  });

  it('directories and boxes that lead in circles or have no size end', async () => {
    const circle = TIFF_RAWS.arw!(preview);
    const directory = circle.readUInt32LE(4);
    circle.writeUInt32LE(directory, directory + 2 + 12 * circle.readUInt16LE(directory));
    expect(await reading(circle)).toBe('read');
    const ftyp = Buffer.from('\0\0\0\x10ftypcrx \0\0\0\0', 'latin1');
    for (const size of [0, 1, 7, 8]) {
      const box = Buffer.alloc(64);
      box.writeUInt32BE(size);
      box.write('moov', 4);
      expect(await reading(Buffer.concat([ftyp, box]))).toBe('unsupported_image');
    }
    expect(await reading(Buffer.concat([ftyp, Buffer.alloc(100_000)]))).toBe('unsupported_image');
  });

  it('previews that claim to be beyond the file, or beyond the limits', async () => {
    const raf = rafOf(preview, 6000, 4000);
    raf.writeUInt32BE(0xfffffff0, 88);
    expect(await reading(raf)).toBe('corrupt_image');
    await expect(openImage(put(TIFF_RAWS.nef!(preview)), { maxPixels: 100 })).rejects.toMatchObject({
      code: 'image_too_large',
    });
  });
});
