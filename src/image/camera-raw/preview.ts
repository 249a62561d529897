import { corruptImage, unsupportedImage } from '../errors.js';
import type { ByteReader } from '../file.js';
import type { MeasuredImage } from '../image.js';
import { rasterPlanes, readRasterInfo } from '../raster.js';
import { type EmbeddedJpeg, largestJpeg } from './jpeg.js';

/** What a camera raw file holds beside its sensor data. */
export interface RawContent {
  /** As a person knows the kind: `Canon CR3`. */
  name: string;
  /** Where pictures may be. */
  places: readonly (readonly [offset: number, length: number])[];
  /** EXIF Orientation, where the file has it outside its pictures. */
  orientation?: number | undefined;
  exif?: Uint8Array | undefined;
  /** Pixels that the sensor data have. */
  sensor?: [number, number] | undefined;
}

/**
 * The largest preview of a camera raw file, as the picture that it stands for.
 * @throws AstroJobsError `unsupported_image` when there is none, `corrupt_image` when the file ends before it.
 */
export async function measurePreview(
  path: string,
  file: ByteReader,
  content: RawContent,
): Promise<MeasuredImage> {
  const { name, places, sensor } = content;
  const jpeg = await largestJpeg(file, places);
  const isCut = places.some(([offset, length]) => offset + length > file.size);
  if (!jpeg) {
    if (isCut) throw corruptImage('its preview is cut off');
    throw unsupportedImage(
      `a camera raw file (${name}) without a JPEG preview`,
      'develop it to JPEG, TIFF or FITS first',
    );
  }
  const { offset, length } = jpeg;
  const source = { path, embedded: { offset, length } };
  const info = await readRasterInfo(source, 'jpeg');
  return {
    kind: 'camera-raw',
    width: info.width,
    height: info.height,
    rowOrder: 'top-down',
    exifOrientation: content.orientation ?? info.exifOrientation,
    exif: content.exif ?? info.exif,
    embedded: source.embedded,
    ...(sensor && isSmaller(jpeg, sensor) && { fullSize: sensor }),
    part: `preview of ${info.width} × ${info.height} pixels in a ${name} file`,
    notes: isCut ? [`the camera raw file (${name}) is cut off; a larger preview may be missing`] : [],
    ...rasterPlanes(source, 'jpeg', info),
  };
}

/** Sensor data have a margin, which no picture shows. */
const MARGIN = 1.1;

function isSmaller({ width, height }: EmbeddedJpeg, [x, y]: [number, number]): boolean {
  return Math.hypot(x, y) > MARGIN * Math.hypot(width, height);
}
