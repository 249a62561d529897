import type { OpenedImage } from '../image/image.js';
import type { Capture } from '../job/capture.js';

/** Diagonal of the 36×24 mm frame that FocalLengthIn35mmFilm refers to (CIPA DC-008, DCG-001). */
export const FULL_FRAME_DIAGONAL_MM = Math.hypot(36, 24);

/** Sides in millimetres, the longer one first, of the sensors that cameras have. */
const SENSORS_MM: readonly (readonly [number, number])[] = [
  [53.4, 40],
  [43.8, 32.9],
  [36, 24],
  [28.7, 19.1],
  [23.5, 15.6],
  [22.3, 14.9],
  [17.3, 13],
  [13.2, 8.8],
  [8.8, 6.6],
  [7.6, 5.7],
  [6.17, 4.55],
];
/** Makers round, and count dark borders in or out. */
const TOLERANCE = 0.04;
/** Less than this may be the rounding of the equivalent focal length; cameras write no picture that is smaller than the other. */
const [MIN_FACTOR, MAX_FACTOR] = [1.3, 9];

const isSensor = (long: number, short: number) =>
  SENSORS_MM.some(([x, y]) => Math.abs(long / x - 1) < TOLERANCE && Math.abs(short / y - 1) < TOLERANCE);

/**
 * How many pixels of the sensor make one of a picture that the camera itself wrote in a smaller size, while the resolution of the
 * focal plane that it recorded is that of the sensor; 1 where nothing speaks for it.
 *
 * The size of the sensor follows from the two focal lengths. Without the equivalent one, the picture would be on a sensor of a size
 * that no camera has, and twice that size is one that cameras have.
 */
export function pixelsOfSensor(image: OpenedImage, capture: Capture): number {
  const { focal_length_mm: focal, focal_length_35mm: equivalent, pixel_size_um: pixel } = capture;
  if (!pixel) return 1;
  const sides = [(image.width * pixel[0]) / 1000, (image.height * pixel[1]) / 1000];
  const [long, short] = [Math.max(...sides), Math.min(...sides)];
  if (focal !== undefined && equivalent !== undefined) {
    const factor = (FULL_FRAME_DIAGONAL_MM * focal) / equivalent / Math.hypot(long, short);
    return factor > MIN_FACTOR && factor < MAX_FACTOR ? factor : 1;
  }
  return !isSensor(long, short) && isSensor(2 * long, 2 * short) ? 2 : 1;
}
