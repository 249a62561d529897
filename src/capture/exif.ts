import type { OpenedImage } from '../image/image.js';
import { recordGps } from './exif-gps.js';
import type { ExifTags } from './exif-tags.js';
import { recordExifTime } from './exif-time.js';
import { LIMITS } from './limits.js';
import { type Quantity, readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { CaptureRecord } from './record.js';
import { readLens, readText } from './text.js';

type TextField = 'camera_make' | 'camera_model' | 'lens_model' | 'software';
type NumberField =
  | 'exposure'
  | 'iso'
  | 'f_number'
  | 'focal_length_mm'
  | 'focal_length_35mm'
  | 'exif_orientation';

const TEXTS: Readonly<Record<TextField, { name: string; tag: number }>> = {
  camera_make: { name: 'Make', tag: 0x010f },
  camera_model: { name: 'Model', tag: 0x0110 },
  lens_model: { name: 'LensModel', tag: 0xa434 },
  software: { name: 'Software', tag: 0x0131 },
};

const UNKNOWN = [0, -1, 65_535, 4_294_967_295];
const millimetres = { dimension: 'length', unit: 'mm', customary: 'mm' } as const;

/** A tag under the names that the libraries give it. */
interface Source {
  key: string;
  names: readonly string[];
}
const source = (key: string, ...aliases: string[]): Source => ({ key, names: [key, ...aliases] });

/** Tags of each number, the best first. */
const NUMBERS: Readonly<Record<NumberField, { quantity: Quantity; sources: readonly Source[] }>> = {
  exposure: {
    quantity: {
      bounds: LIMITS.exposure,
      unknown: UNKNOWN,
      measure: { dimension: 'time', unit: 's', customary: 's' },
    },
    sources: [source('ExposureTime')],
  },
  iso: {
    quantity: { bounds: LIMITS.iso, unknown: UNKNOWN, prefix: /^iso\s*/i },
    // 65535 in the first says that the value stands in another one, which can hold it.
    sources: [
      source('ISO', 'ISOSpeedRatings', 'PhotographicSensitivity'),
      source('ISOSpeed'),
      source('RecommendedExposureIndex'),
      source('StandardOutputSensitivity'),
    ],
  },
  f_number: {
    quantity: { bounds: LIMITS.f_number, unknown: UNKNOWN, prefix: /^f\s*\/?\s*/i },
    sources: [source('FNumber')],
  },
  focal_length_mm: {
    quantity: { bounds: LIMITS.focal_length_mm, unknown: UNKNOWN, measure: millimetres },
    sources: [source('FocalLength')],
  },
  focal_length_35mm: {
    quantity: { bounds: LIMITS.focal_length_35mm, unknown: UNKNOWN, measure: millimetres },
    sources: [source('FocalLengthIn35mmFilm', 'FocalLengthIn35mmFormat')],
  },
  exif_orientation: { quantity: { bounds: [1, 8], whole: true }, sources: [source('Orientation')] },
};

/** The value of a tag that holds one, or the first of several; bytes are text or a number. */
function single(value: unknown): unknown {
  if (Array.isArray(value)) return value[0];
  if (!Buffer.isBuffer(value)) return value;
  return value.length === 1 ? value[0] : value.toString('latin1').replace(/\0.*$/s, '');
}

/** µm per FocalPlaneResolutionUnit; 2 is inch (also when it is missing), 3 cm, 4 mm, 5 µm. */
const RESOLUTION_UNIT_UM: Readonly<Record<number, number>> = { 2: 25_400, 3: 10_000, 4: 1000, 5: 1 };
const RESOLUTION: Quantity = { bounds: [1e-3, 1e7], unknown: UNKNOWN };

/** Pixel size in µm from the focal plane's resolution, as recorded. */
function readFocalPlane({ photo }: ExifTags): Reading<[number, number]> {
  const written = single(photo.FocalPlaneResolutionUnit);
  const unit = RESOLUTION_UNIT_UM[typeof written === 'number' ? written : 2];
  const horizontal = readQuantity({ value: single(photo.FocalPlaneXResolution) }, RESOLUTION);
  if (!horizontal || 'why' in horizontal) return horizontal;
  if (unit === undefined) return { why: `its unit, ${String(written)}, is not known` };
  const vertical = readQuantity({ value: single(photo.FocalPlaneYResolution) }, RESOLUTION);
  const y = vertical && 'value' in vertical ? vertical.value : horizontal.value;
  const size: [number, number] = [unit / horizontal.value, unit / y];
  const [low, high] = LIMITS.pixel_size_um;
  return size.every((side) => side >= low && side <= high)
    ? { value: size }
    : { why: `pixels of ${Number(size[0].toPrecision(4))} µm make no sense` };
}

/** The size that the camera wrote, where it is not the one that the file has: the picture was shrunk or cut since. */
function recordOriginalSize({ photo }: ExifTags, image: OpenedImage, record: CaptureRecord): void {
  const { width, height, fullSize } = image;
  const [x, y] = [single(photo.PixelXDimension), single(photo.PixelYDimension)];
  const isStated = typeof x === 'number' && typeof y === 'number' && x > 0 && y > 0 && Number.isFinite(x * y);
  if (!isStated) {
    if (!fullSize) return;
    record.set('recorded_width', fullSize[0], 'the raw data');
    record.set('recorded_height', fullSize[1], 'the raw data');
    return;
  }
  // Also of a preview: Fujifilm's EXIF is about that, the resolution of its focal plane included.
  if (x === width && y === height) return;
  record.set('recorded_width', x, 'EXIF PixelXDimension');
  record.set('recorded_height', y, 'EXIF PixelYDimension');
}

/** Fills the record from the EXIF of an image. */
export function recordExif(tags: ExifTags, image: OpenedImage, record: CaptureRecord): void {
  const directory = { ...tags.image, ...tags.photo };
  recordOriginalSize(tags, image, record);
  record.guard('EXIF date', () => recordExifTime(tags, record));
  for (const [field, { name, tag }] of Object.entries(TEXTS) as [TextField, (typeof TEXTS)[TextField]][]) {
    const written = tags.text(tag);
    const read = () => (field === 'lens_model' ? readLens : readText)(written ?? '');
    record.take(field, [{ key: `EXIF ${name}`, written, read }]);
  }
  for (const [field, { quantity, sources }] of Object.entries(NUMBERS) as [
    NumberField,
    (typeof NUMBERS)[NumberField],
  ][]) {
    record.take(
      field,
      sources.map(({ key, names }) => {
        const written = single(names.map((name) => directory[name]).find((value) => value !== undefined));
        return { key: `EXIF ${key}`, written, read: () => readQuantity({ value: written }, quantity) };
      }),
    );
  }
  record.take('pixel_size_um', [
    {
      key: 'EXIF FocalPlaneXResolution, FocalPlaneYResolution',
      written: tags.photo.FocalPlaneXResolution,
      read: () => readFocalPlane(tags),
    },
  ]);
  record.guard('EXIF GPS', () => recordGps(tags, record));
}
