// Written by `npm run derive` from the schemas.
import type { ScaleUnits } from '../scale-units.js';
import type { Calibration } from './calibration.js';

/** Parameters of a solve, as stored in `status.json`: every field present, null where nothing was given. */
export interface SolveParams {
  /** The image is at least this wide, in degrees or in `scale_units` (a positive number of scale units). */
  scale_low: number | null;
  /** The image is at most this wide, in degrees or in `scale_units` (a positive number of scale units). */
  scale_high: number | null;
  /** Units of `scale_low` and `scale_high`. @default 'degwidth' */
  scale_units: ScaleUnits;
  /** Right ascension of the centre to search around, J2000; needs `dec` and `radius` (degrees from 0 to 360). */
  ra: number | null;
  /** Declination of that centre, J2000 (degrees from -90 to 90). */
  dec: number | null;
  /** Radius of the search around it (a positive number of degrees). */
  radius: number | null;
  /** Sign of det CD, where it is known. */
  parity: 1 | -1 | null;
  /** Width of the image that a source list was measured on (a positive number of pixels). */
  image_width: number | null;
  /** Height of that image (a positive number of pixels). */
  image_height: number | null;
  /** Which picture of several: number (0 is the primary unit) or EXTNAME in FITS, page (from 1) in TIFF. */
  extension: string | null;
  /** Whether scale and pointing from EXIF and FITS headers, and the last image of the same camera, may guide the search. @default true */
  use_metadata: boolean;
  /** Whether asteroids, comets and satellites are looked for, where files of their elements are known. @default true */
  moving_objects: boolean;
  /** What is known of the lens, a first guess and no bound: the document that `calibrate` or the export `calibration` made. */
  calibration: Calibration | null;
  /**
   * The picture is a negative, dark stars on a bright sky; without it that is tried where next to no bright ones are found, and where
   * the background is bright.
   * @default false
   */
  invert: boolean;
  /** The image may be shrunk by up to this factor before stars are looked for (a whole number from 1 to 64). @default 2 */
  downsample: number;
  /** Wall-clock limit of one attempt at the job (a positive number of seconds). @default 600 */
  timeout: number;
  /**
   * Highest order of the SIP distortion polynomial; the lowest that fits is taken, 0 allows only a plain tangent plane (a whole number
   * from 0 to 9).
   * @default 5
   */
  tweak_order: number;
  /** `auto`, `builtin`, `solve-field`, `external`, or the name of a solver that the host registered. @default 'auto' */
  solver: string;
  /** Whether sharpness, brightness and sky are measured in the pixels of the solved image. @default true */
  measure: boolean;
  /** Keep `output/annotated.jpg`, the picture with its objects named. @default false */
  annotate: boolean;
}
