import type { ExifTags } from './exif-tags.js';
import { recordExifTime } from './exif-time.js';
import { type Bounds, FOCAL_LENGTH_MM, PIXEL_SIZE_UM } from './fits-values.js';
import type { CaptureRecord } from './record.js';

/** Text is ASCII by the standard and UTF-8 or Latin-1 in fact. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value.replace(/\0.*$/s, '');
  if (!Buffer.isBuffer(value)) return undefined;
  const utf8 = value.toString('utf8');
  return (utf8.includes('\ufffd') ? value.toString('latin1') : utf8).replace(/\0.*$/s, '');
}

/** A finite number, or the first of several; 0/0 is how cameras write that they do not know. */
function number(value: unknown): number | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && Number.isFinite(first) ? first : undefined;
}

/** Zero is how cameras write that they do not know. */
const unlessZero = (value: number | undefined) => (value === 0 ? undefined : value);

const TOO_LARGE_FOR_ISO_TAG = 65535;

function iso({ photo }: ExifTags): number | undefined {
  const short = number(photo.ISOSpeedRatings ?? photo.ISO);
  if (short !== TOO_LARGE_FOR_ISO_TAG) return unlessZero(short);
  return unlessZero(
    number(photo.ISOSpeed ?? photo.RecommendedExposureIndex ?? photo.StandardOutputSensitivity),
  );
}

/** µm per FocalPlaneResolutionUnit; 2 is inch (also when it is missing), 3 cm, 4 mm, 5 µm. */
const RESOLUTION_UNIT_UM: Readonly<Record<number, number>> = { 2: 25_400, 3: 10_000, 4: 1000, 5: 1 };

/** Pixel size in µm from the focal plane's resolution, as recorded; `undefined` when it makes no sense. */
function focalPlanePixel({ photo }: ExifTags): [number, number] | undefined {
  const unit = RESOLUTION_UNIT_UM[number(photo.FocalPlaneResolutionUnit) ?? 2];
  const horizontal = number(photo.FocalPlaneXResolution);
  if (unit === undefined || !horizontal) return undefined;
  const vertical = number(photo.FocalPlaneYResolution) || horizontal;
  const size: [number, number] = [unit / horizontal, unit / vertical];
  return size.every((side) => side >= PIXEL_SIZE_UM[0] && side <= PIXEL_SIZE_UM[1]) ? size : undefined;
}

/** Degrees, minutes and seconds; seconds that are 0/0 stand for none. */
function gpsAngle(value: unknown): number | undefined {
  if (!Array.isArray(value)) return number(value);
  const [degrees, minutes = 0, seconds = 0] = value.map((part) =>
    typeof part === 'number' ? part : Number.NaN,
  );
  const angle = degrees + minutes / 60 + (Number.isNaN(seconds) ? 0 : seconds / 3600);
  return Number.isFinite(angle) ? angle : undefined;
}

function recordGps({ gps }: ExifTags, record: CaptureRecord): void {
  const latitude = gpsAngle(gps.GPSLatitude);
  const longitude = gpsAngle(gps.GPSLongitude);
  if (latitude === undefined || longitude === undefined) return;
  if (latitude === 0 && longitude === 0) return;
  const northSouth = text(gps.GPSLatitudeRef)?.trim().toUpperCase()[0] ?? '';
  const eastWest = text(gps.GPSLongitudeRef)?.trim().toUpperCase()[0] ?? '';
  if (!'NS'.includes(northSouth) || !'EW'.includes(eastWest) || !northSouth || !eastWest) {
    record.note('EXIF GPS does not say whether it is north or south, east or west; it is left out');
    return;
  }
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    record.note(`EXIF GPS ${latitude}, ${longitude} is no place on Earth; it is left out`);
    return;
  }
  const place = {
    lat: northSouth === 'S' ? -latitude : latitude,
    lon: eastWest === 'W' ? -longitude : longitude,
  };
  const height = number(gps.GPSAltitude);
  // 1 and 3 are below the sea.
  const below = number(gps.GPSAltitudeRef) === 1 || number(gps.GPSAltitudeRef) === 3;
  const alt =
    height === undefined || Math.abs(height) > 20_000 ? undefined : below ? -Math.abs(height) : height;
  record.set('gps', alt === undefined ? place : { ...place, alt }, 'EXIF GPS');
}

/** The size that the camera wrote, where it is not the one that the file has: the picture was shrunk or cut since. */
function recordOriginalSize({ photo }: ExifTags, width: number, height: number, record: CaptureRecord): void {
  const [x, y] = [number(photo.PixelXDimension), number(photo.PixelYDimension)];
  if (!x || !y || !(x > 0 && y > 0) || (x === width && y === height)) return;
  record.set('recorded_width', x, 'EXIF PixelXDimension');
  record.set('recorded_height', y, 'EXIF PixelYDimension');
}

/** Fills the record from the EXIF of an image of this size. */
export function recordExif(tags: ExifTags, width: number, height: number, record: CaptureRecord): void {
  const { image, photo } = tags;
  recordOriginalSize(tags, width, height, record);
  recordExifTime(tags, record);
  record.setText('camera_make', text(image.Make), 'EXIF Make');
  record.setText('camera_model', text(image.Model), 'EXIF Model');
  const lens = text(photo.LensModel);
  if (lens && /[\p{L}\d]/u.test(lens)) record.setText('lens_model', lens, 'EXIF LensModel');
  record.setText('software', text(image.Software), 'EXIF Software');
  const limits: [Parameters<CaptureRecord['setNumber']>[0], number | undefined, string, Bounds][] = [
    ['exposure', unlessZero(number(photo.ExposureTime)), 'ExposureTime', [1e-7, 1e6]],
    ['iso', iso(tags), 'ISO', [1, 1e8]],
    ['f_number', unlessZero(number(photo.FNumber)), 'FNumber', [0.3, 500]],
    ['focal_length_mm', unlessZero(number(photo.FocalLength)), 'FocalLength', [0.5, FOCAL_LENGTH_MM[1]]],
    [
      'focal_length_35mm',
      unlessZero(number(photo.FocalLengthIn35mmFilm ?? photo.FocalLengthIn35mmFormat)),
      'FocalLengthIn35mmFilm',
      [2, 60_000],
    ],
    ['exif_orientation', number(image.Orientation), 'Orientation', [1, 8]],
  ];
  for (const [field, value, name, bounds] of limits)
    record.setNumber(field, value, `EXIF ${name}`, ...bounds);
  record.set('pixel_size_um', focalPlanePixel(tags), 'EXIF FocalPlaneXResolution, FocalPlaneYResolution');
  recordGps(tags, record);
}
