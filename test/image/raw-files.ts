import { EXIF_IFD, exifOf, GPS_IFD } from '../capture/containers.js';
import { type TiffTag, tiffOf } from './files.js';

const short = (tag: number, value: number): TiffTag => ({ tag, type: 3, values: [value] });
const long = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 4, values });
const text = (tag: number, values: string): TiffTag => ({ tag, type: 2, values });

/** What a camera says in EXIF; 50 mm, 30 s at ISO 1600. */
export const PHOTO: readonly TiffTag[] = [
  { tag: 0x829a, type: 5, values: [30, 1] },
  short(0x8827, 1600),
  text(0x9003, '2023:08:12 23:14:05'),
  { tag: 0x920a, type: 5, values: [50, 1] },
];
export const GPS: readonly TiffTag[] = [
  text(1, 'N'),
  { tag: 2, type: 5, values: [46, 1, 30, 1, 0, 1] },
  text(3, 'E'),
  { tag: 4, type: 5, values: [11, 1, 15, 1, 0, 1] },
];
const camera = (model: string): TiffTag[] => [text(271, 'Maker'), text(272, model), short(274, 6)];
const PREVIEW_AT = 16;

interface TiffRaw {
  model: string;
  preview: Buffer;
  bigEndian?: boolean;
  /** What stands in place of 42. */
  magic?: string;
  /** Tags of the first directory, and of the one that SubIFDs points to. */
  first?: readonly TiffTag[];
  sub?: readonly TiffTag[];
  photo?: readonly TiffTag[];
}

/** A raw file that is built like TIFF; its preview stands at byte 16. */
export function tiffRawOf({
  model,
  preview,
  bigEndian = false,
  magic,
  first = [],
  sub,
  photo = PHOTO,
}: TiffRaw): Buffer {
  const children = new Map<number, readonly TiffTag[]>([
    [EXIF_IFD, photo],
    [GPS_IFD, GPS],
  ]);
  if (sub) children.set(330, sub);
  const padding = Buffer.alloc(preview.length & 1);
  const data = Buffer.concat([Buffer.alloc(PREVIEW_AT - 8), preview, padding]);
  const file = tiffOf([...camera(model), ...first], { bigEndian, children, data });
  if (magic) file.write(magic, 2, 'latin1');
  return file;
}

export const jpegTags = (preview: Buffer) => [long(513, PREVIEW_AT), long(514, preview.length)];
export const stripTags = (preview: Buffer, compression: number) => [
  short(259, compression),
  long(273, PREVIEW_AT),
  long(279, preview.length),
];
/** The directory of sensor data of this size. */
export const sensorTags = (width: number, height: number, compression = 32_767) => [
  long(256, width),
  long(257, height),
  short(259, compression),
  short(262, 32_803),
];

/** Small files of the kinds, each with its own way to its preview. */
export const TIFF_RAWS: Readonly<Record<string, (preview: Buffer) => Buffer>> = {
  cr2(preview) {
    const file = tiffRawOf({
      model: 'EOS 6D',
      preview,
      first: stripTags(preview, 6),
      photo: [...PHOTO, long(0xa002, 5472), long(0xa003, 3648)],
    });
    file.write('CR\x02\0', 8, 'latin1');
    return file;
  },
  // The JPEG is in a directory of its own behind SubIFDs, and so are the sensor data.
  nef: (preview) =>
    tiffRawOf({
      model: 'NIKON D750',
      preview,
      bigEndian: true,
      first: [long(254, 1)],
      sub: [...jpegTags(preview), ...sensorTags(6032, 4032, 34_713)],
    }),
  arw: (preview) =>
    tiffRawOf({
      model: 'ILCE-7M3',
      preview,
      first: [long(254, 1), ...jpegTags(preview)],
      sub: sensorTags(6048, 4024),
    }),
  dng: (preview) =>
    tiffRawOf({
      model: 'Pixel 7',
      preview,
      first: [{ tag: 50_706, type: 1, values: [1, 4, 0, 0] }, ...sensorTags(4080, 3072, 7)],
      sub: [long(254, 1), short(262, 6), ...stripTags(preview, 7)],
    }),
  rw2: (preview) =>
    tiffRawOf({
      model: 'DC-GH5',
      preview,
      magic: 'U\0',
      first: [
        short(4, 8),
        short(5, 0),
        short(6, 3472),
        short(7, 4620),
        { tag: 0x2e, type: 7, values: preview },
      ],
    }),
  orf: orfOf,
};

/** The preview is named in the maker note, whose offsets count from its own start. */
function orfOf(preview: Buffer): Buffer {
  const note = Buffer.alloc(12 + 18 + 30);
  note.write('OLYMPUS\0II\x03\0', 'latin1');
  const entry = (at: number, tag: number, value: number) => {
    note.writeUInt16LE(tag, at);
    note.writeUInt16LE(4, at + 2);
    note.writeUInt32LE(1, at + 4);
    note.writeUInt32LE(value >>> 0, at + 8);
  };
  note.writeUInt16LE(1, 12);
  entry(14, 0x2020, 30);
  note.writeUInt16LE(2, 30);
  // The preview follows the note.
  entry(32, 0x101, note.length);
  entry(44, 0x102, preview.length);
  const makerNote: TiffTag = { tag: 0x927c, type: 7, values: Buffer.concat([note, preview]) };
  return tiffRawOf({
    model: 'E-M1MarkII',
    preview: Buffer.alloc(0),
    magic: 'RO',
    first: [long(256, 5240), long(257, 3912), short(259, 1)],
    photo: [...PHOTO, makerNote],
  });
}

/** A box of ISO media. */
export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
const uuid = (digits: string, ...content: readonly Buffer[]) =>
  box('uuid', Buffer.from(digits, 'hex'), ...content);
const words = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value, 4 * i);
  });
  return bytes;
};

/** A CR3 with a picture in its first track, and a smaller one in its preview box. */
export function cr3Of(full: Buffer | undefined, preview: Buffer): Buffer {
  const image = exifOf({ image: camera('EOS R6') });
  const photo = exifOf({ image: [...PHOTO, short(0xa002, 5472), short(0xa003, 3648)] });
  const gps = exifOf({ image: GPS });
  const canon = uuid(
    '85c0b687820f11e08111f4ce462b6a48',
    box('CMT1', image),
    box('CMT2', photo),
    box('CMT4', gps),
  );
  const moov = (place: number) => {
    const table = box(
      'stbl',
      box('stsz', words(0, full?.length ?? 0, 1)),
      box('co64', words(0, 1, 0, place)),
    );
    return box('moov', canon, ...(full ? [box('trak', box('mdia', box('minf', table)))] : []));
  };
  const prvw = Buffer.alloc(16);
  prvw.writeUInt32BE(preview.length, 12);
  const start = Buffer.concat([box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1'))]);
  const behind = uuid('eaf42b5e1c984b88b9fbb7dc406e4d16', words(0, 1), box('PRVW', prvw, preview));
  const place = start.length + moov(0).length + behind.length + 8;
  return Buffer.concat([start, moov(place), behind, box('mdat', full ?? Buffer.alloc(4))]);
}

/** A RAF; EXIF stands in its JPEG. */
export function rafOf(jpeg: Buffer, width: number, height: number): Buffer {
  const head = Buffer.alloc(160);
  head.write('FUJIFILMCCD-RAW 0201FF389501X-T3', 'latin1');
  const records = Buffer.concat([words(1), Buffer.from([1, 0, 0, 4]), Buffer.alloc(4)]);
  records.writeUInt16BE(height, 8);
  records.writeUInt16BE(width, 10);
  head.writeUInt32BE(160 + records.length, 84);
  head.writeUInt32BE(jpeg.length, 88);
  head.writeUInt32BE(160, 92);
  return Buffer.concat([head, records, jpeg]);
}
