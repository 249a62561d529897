// Written by `npm run derive` from the schemas.
import type { FisheyeCode } from '../zenithal.js';

/** SIP polynomials (Shupe et al. 2005): `a[p][q]` multiplies u^p·v^q, with u, v in pixels from CRPIX. */
export interface SipDistortion {
  /** Of u, forwards: `[p][q]` multiplies u^p·v^q. */
  a: number[][];
  /** Of v, forwards. */
  b: number[][];
  /** The inverse as written by the solver; only a starting point, since it is a fit. */
  ap?: number[][];
  /** Of v, backwards. */
  bp?: number[][];
}

/** The round picture that a fisheye lens makes, pixels. */
export interface ImageCircle {
  /** Its centre along a row, FITS pixels. */
  x: number;
  /** Its centre from row to row, FITS pixels. */
  y: number;
  /** Its radius, pixels. */
  radius: number;
}

/**
 * A plate solution: a zenithal world coordinate system (TAN, or one of the fisheye projections) with optional SIP distortion. Pixels
 * follow the FITS convention: (1, 1) is the centre of the first pixel. Angles are degrees, J2000 (ICRS).
 */
export interface Wcs {
  /** Reference point on the sky, [RA, Dec] in degrees. */
  crval: [number, number];
  /** Reference pixel. */
  crpix: [number, number];
  /** Degrees per pixel: [[CD1_1, CD1_2], [CD2_1, CD2_2]]. */
  cd: [[number, number], [number, number]];
  /** Size of the image that it describes, pixels. */
  width: number;
  /** Height of the image, pixels. */
  height: number;
  /** The distortion, where there is one. */
  sip?: SipDistortion;
  /** Of a fisheye lens; otherwise the projection is gnomonic (TAN). */
  projection?: FisheyeCode;
  /** Where the image shows the sky, when that is not all of it. Pixels outside look nowhere. */
  circle?: ImageCircle;
}
