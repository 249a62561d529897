import type { FitsHeader } from '../fits/header.js';
import type { RowOrder } from '../wcs/display.js';
import type { StarTable } from './star-columns.js';

/** What the content of a file says it is, whatever its name says. */
export type ImageKind =
  | 'jpeg'
  | 'png'
  | 'tiff'
  | 'webp'
  | 'avif'
  | 'heif'
  | 'heic'
  | 'jxl'
  | 'gif'
  | 'bmp'
  | 'pnm'
  /** The preview in a camera raw file. */
  | 'camera-raw'
  | 'fits'
  | 'xisf'
  | 'ser'
  /** A table or a text of positions: stars that another program has found. */
  | 'source-list';

/** Limits that hold before anything is decoded. */
export interface ImageLimits {
  /** @default 1 GiB */
  maxBytes: number;
  /** @default 400 million */
  maxPixels: number;
  /**
   * Memory that reading one image may take. What a decoder holds as a whole may take half of it, and is refused before that is
   * decoded; a process of its own that reads images is ended beyond it. @default 2 GiB
   */
  maxMemoryBytes: number;
}

/** What is asked of a file that holds several pictures. */
export interface OpenOptions extends Partial<ImageLimits> {
  /**
   * Which picture of several: of a FITS file the number of the unit (0 is the primary one) or EXTNAME, of a TIFF file the
   * page, from 1; a number may be text. Without it, the likeliest is chosen. Other kinds hold one, and ignore it.
   */
  extension?: number | string | undefined;
}

/** One plane of brightness, in the pixel order of the file. */
export interface GreyImage {
  /** Row by row in file order; any linear scale. NaN (float data only) marks pixels without a value. */
  data: Uint8Array | Uint16Array | Float32Array;
  /** Width, pixels. */
  width: number;
  /** Height, pixels. */
  height: number;
  /**
   * Original pixels per pixel of `data`, in x and y; not always whole, since decoders round sizes up.
   * A position p (0-based, pixel centres whole) here is (p + 0.5)·scale + 0.5 in FITS pixels of the original.
   */
  scale: [number, number];
}

/** A picture that another decoder than sharp has decoded: red, green, blue and alpha, row by row from the top. */
export interface RgbaPixels {
  /** Red, green, blue, alpha of each pixel, row by row, 0 to 255. */
  data: Uint8Array;
  /** Width, pixels. */
  width: number;
  /** Height, pixels. */
  height: number;
}

/** What the header of a file says about its image. */
interface ImageFacts {
  /** Width, pixels as stored, before any EXIF orientation. */
  width: number;
  /** Height, pixels as stored, before any EXIF orientation. */
  height: number;
  /** Whether the first row of the file is the uppermost of the picture, or the lowest. */
  rowOrder: RowOrder;
  /** EXIF Orientation, 1 (as stored) to 8. */
  exifOrientation: number;
  /** Raw EXIF block (TIFF structure), wherever in the container it was. */
  exif?: Uint8Array;
  /** The header that describes the picture (primary header merged under the extension's, when the image is in one). */
  fitsHeader?: FitsHeader;
  /** Which of the pictures in the file it is, where that needs saying: `extension 2 (SCI)`, `page 2 of 3`. */
  part?: string;
  /** Where in the file the picture is, if it is a part that a raster decoder reads on its own. */
  embedded?: {
    /** Where it begins, bytes. */
    offset: number;
    /** Its length, bytes. */
    length: number;
  };
  /** Decodes the picture, where sharp cannot. */
  decoded?(): Promise<RgbaPixels>;
  /** Of a picture in colours: its green plane at full size, which takes less time to decode than the brightness of all three. */
  green?(): Promise<GreyImage>;
  /** Pixels of the picture that this one is a smaller version of, where EXIF may not say so. */
  fullSize?: [width: number, height: number];
  /** Of a picture in a FITS file: the number of its unit, from 0. */
  unit?: number;
  /** Things a person may want to know, such as damaged metadata; one line each. */
  notes: string[];
}

/** What a decoder finds out about a file before it decodes pixels. */
export interface MeasuredImage extends ImageFacts {
  /** Where it turns out to be of another kind than its first bytes say. */
  kind?: ImageKind;
  /** The stars of a list. */
  stars?(): Promise<StarTable>;
  /** Decodes to one plane, shrunk by a whole factor that leaves at least one pixel. */
  decode(shrink: number, signal?: AbortSignal): Promise<GreyImage>;
}

/** A file that has been recognised and measured, but not decoded. */
export interface OpenedImage extends ImageFacts {
  /** Where the bytes are. */
  path: string;
  /** The kind of file. */
  kind: ImageKind;
  /** The stars of a list; images have none. */
  stars?(): Promise<StarTable>;
  /**
   * Decodes to one plane, shrunk by about `shrink` (1 = full size) while decoding where the format can.
   * @throws AstroJobsError `corrupt_image` when the pixels are damaged or missing.
   */
  grey(shrink: number, signal?: AbortSignal): Promise<GreyImage>;
  /**
   * Where the pixels are decoded in another process: finds stars there, so that no pixels have to come here; as `detectStars` would, or where it is `undrawn` `detectUndrawn`, in
   * those of `grey(shrink)`, in the form of `packStars`.
   */
  findStars?(
    options: { shrink: number; sigmas: number; undrawn?: boolean | undefined },
    signal: AbortSignal,
  ): Promise<Float64Array>;
}
