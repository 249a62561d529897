// Written by `npm run derive` from the schemas.

/**
 * What a lens does to pictures of one size, wherever they point. Pixels follow the FITS convention: (1, 1) is the centre of the
 * first pixel of the first row of the file.
 */
export interface Calibration {
  /** The version of this form of document. */
  version: 1;
  /** Camera, optics and picture size, for a person. */
  optics?: string;
  /** Width of the pictures, pixels. */
  width: number;
  /** Height of the pictures, pixels. */
  height: number;
  /** The projection, as CTYPE says it: `TAN`, of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`. */
  projection: 'TAN' | 'ARC' | 'ZEA' | 'STG' | 'SIN';
  /** Where `u` and `v` are 0, [x, y] pixels, FITS convention: the middle of the picture for `TAN`, the optical axis of a fisheye lens. */
  center: [number, number];
  /** Pixel scale at the center, arcseconds per pixel. */
  arcsec_per_pixel: number;
  /** SIP (Shupe et al. 2005): a pixel (u, v) from the center lies at (u + a(u, v), v + b(u, v)) in the plane of the projection. */
  sip?: {
    /** C[p][q] multiplies u^p·v^q. */
    a: number[][];
    /** C[p][q] multiplies u^p·v^q. */
    b: number[][];
  };
  /** Where a fisheye lens shows the sky, when that is not all of the picture: FITS convention. */
  image_circle?: {
    /** Pixels from the left. */
    x: number;
    /** Pixels from the first row. */
    y: number;
    /** Pixels. */
    radius: number;
  };
  /** What it was fitted to. */
  fit?: {
    /** Pictures. */
    frames: number;
    /** Stars of all of them. */
    stars: number;
    /** Root mean square of their distances from the solution, pixels. */
    rms_px: number;
    /** How far the distortion moves the corner that it moves most, pixels. */
    corner_distortion_px?: number;
  };
}
