// biome-ignore-all lint/style/noNonNullAssertion: a model has a place for each of its terms, a matrix three rows of three.
import type { Calibration } from '../../job/calibration.js';
import { shearOf, USUAL_RMS_PX } from '../../wcs/calibration.js';
import { cholesky } from '../../wcs/cholesky.js';
import { DEG, RAD } from '../../wcs/sphere.js';
import type { ImageCircle, Wcs } from '../../wcs/wcs.js';
import { Lens } from './lens.js';
import { FREE_AT, MOST_RADIAL, POWERS, SHEAR_AT } from './model-terms.js';
import { ZenithalModel } from './zenithal-model.js';

/** A fisheye lens as other images have shown it. */
export interface KnownFisheye {
  /** The same for an image of this parity; where it looks is for the image to say. */
  modelOf(parity: 1 | -1): ZenithalModel;
  /** About the same, without what is not symmetric about the axis. */
  lens: Lens;
  /** Where a picture shows the sky, when that is not all of it. */
  circle: ImageCircle | undefined;
  /** How far the stars were off that showed it: root mean square, pixels. */
  rms_px: number;
}

const IDENTITY = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
/** Coefficients c[p][q] of a polynomial. */
type Table = readonly (readonly number[])[];

/**
 * The lens of a calibration. Undefined where that says nothing of a picture of this size, is none of a fisheye lens, or has terms that no model of
 * this engine has.
 */
export function knownFisheyeOf(
  calibration: Calibration,
  { width, height }: Pick<Wcs, 'width' | 'height'>,
): KnownFisheye | undefined {
  if (calibration.projection === 'TAN' || calibration.width !== width || calibration.height !== height)
    return undefined;
  const modelOf = (parity: 1 | -1) => modelOfCalibration(calibration, parity);
  const model = modelOf(1);
  const lens = model && lensLike(model);
  if (!lens) return undefined;
  return {
    modelOf: (parity) => modelOf(parity) ?? model,
    lens,
    circle: calibration.image_circle,
    rms_px: calibration.fit?.rms_px ?? USUAL_RMS_PX,
  };
}

/** What `calibrationOf` has written, as a model again; see there for the shear. */
function modelOfCalibration(
  { projection, center, width, height, arcsec_per_pixel, sip }: Calibration,
  parity: 1 | -1,
): ZenithalModel | undefined {
  if (projection === 'TAN' || hasOtherTerms(sip?.a) || hasOtherTerms(sip?.b)) return undefined;
  const half = Math.max(width, height) / 2;
  const at = (table: Table | undefined, p: number, q: number) => table?.[p]?.[q] ?? 0;
  // The linear terms are a symmetric shear S; before it comes the distortion.
  const [xx, xy, yy] = [
    1 + at(sip?.a, 1, 0),
    (at(sip?.a, 0, 1) + at(sip?.b, 1, 0)) / 2,
    1 + at(sip?.b, 0, 1),
  ];
  const determinant = xx * yy - xy * xy;
  const a = (p: number, q: number) => (yy * at(sip?.a, p, q) - xy * at(sip?.b, p, q)) / determinant;
  const b = (p: number, q: number) => (xx * at(sip?.b, p, q) - xy * at(sip?.a, p, q)) / determinant;
  const [e1, e2] = [(yy - xx) / (xx + yy), (-2 * parity * xy) / (xx + yy)];
  const focal = (3600 * DEG) / arcsec_per_pixel / Math.sqrt(1 - e1 * e1 - e2 * e2);
  const model = new ZenithalModel(
    projection,
    { parity, focal, cx: center[0], cy: center[1], r: IDENTITY },
    half,
  );
  const { terms } = model;
  terms.set([e1, e2], SHEAR_AT);
  // u·(u² + v²)^j along u and v·(u² + v²)^j along v: the mean of its pure terms is radial, what is left belongs to the free polynomials.
  const radial = [
    (a(3, 0) + b(0, 3) + a(1, 2) + b(2, 1)) / 4,
    (a(5, 0) + b(0, 5) + a(3, 2) / 2 + b(2, 3) / 2 + a(1, 4) + b(4, 1)) / 6,
    (a(7, 0) + b(0, 7)) / 2,
  ];
  for (let j = 1; j <= MOST_RADIAL; j++) terms[j - 1] = radial[j - 1]! * half ** (2 * j);
  POWERS.forEach(([p, q], term) => {
    const scale = half ** (p + q - 1);
    terms[FREE_AT + 2 * term] = unlessRounding(scale * (a(p, q) - radialTerm(radial, p, q)));
    terms[FREE_AT + 2 * term + 1] = unlessRounding(scale * (b(p, q) - radialTerm(radial, q, p)));
  });
  model.isFree = terms.subarray(FREE_AT).some((term) => term !== 0);
  return model;
}

/** Whether a polynomial has terms of a degree that no model has. */
function hasOtherTerms(table: Table = []): boolean {
  return table.some((row, p) => row.some((value, q) => value !== 0 && p + q > 2 * MOST_RADIAL + 1));
}

function unlessRounding(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : value;
}

/** The coefficient of uᵖ·v^q in u·(c₁r² + c₂r⁴ + c₃r⁶). */
function radialTerm(radial: readonly number[], p: number, q: number): number {
  if (p % 2 === 0 || q % 2 === 1) return 0;
  const j = (p + q - 1) / 2;
  const i = q / 2;
  let choose = 1;
  for (let k = 1; k <= i; k++) choose = (choose * (j - k + 1)) / k;
  return choose * (radial[j - 1] ?? 0);
}

/** Angles from the axis at which the two are the same. */
const SAMPLES = 48;
const FURTHEST = 92 * RAD;

/** The lens θ + a·θ³ + b·θ⁵ + c·θ⁷ that is most like a model; undefined where none is. */
function lensLike(model: ZenithalModel): Lens | undefined {
  const lens = new Lens();
  lens.cx = model.cx;
  lens.cy = model.cy;
  lens.focal = model.focal;
  const size = lens.bend.length;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const most = model.steadyRadius;
  for (let i = 1; i <= SAMPLES; i++) {
    const radius = (most * i) / SAMPLES;
    const angle = model.angleAt(radius);
    if (Number.isNaN(angle) || angle > FURTHEST) break;
    const row = [3, 5, 7].map((power) => angle ** power);
    row.forEach((value, j) => {
      right[j]! += value * (radius / model.focal - angle);
      for (let k = 0; k <= j; k++) normal[j * size + k]! += value * row[k]!;
    });
  }
  const bend = cholesky(normal, size)?.solve(right);
  if (!bend) return undefined;
  lens.bend.set(bend);
  return lens;
}

/** Rotation from the sky into the frame of the lens of a solution, row by row, and whether that is mirrored. */
export function attitudeOf({ crval, cd }: Wcs): { r: Lens['r']; parity: 1 | -1 } {
  const [[a, b], [c, d]] = cd;
  const determinant = a * d - b * c;
  const parity = determinant < 0 ? -1 : 1;
  const [xx, xy, yy] = shearOf(cd);
  // What remains of CD without scale and shear turns the axes of the image to east and north.
  const k = 1 / Math.sqrt(Math.abs(determinant));
  const [eastX, northX] = [k * (a * yy - b * xy), k * (c * yy - d * xy)];
  const [eastY, northY] = [parity * k * (b * xx - a * xy), parity * k * (d * xx - c * xy)];
  const [ra, dec] = [crval[0] * RAD, crval[1] * RAD];
  const east = [-Math.sin(ra), Math.cos(ra), 0];
  const north = [-Math.sin(dec) * Math.cos(ra), -Math.sin(dec) * Math.sin(ra), Math.cos(dec)];
  const axis = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
  const along = (e: number, n: number) => [0, 1, 2].map((i) => e * east[i]! + n * north[i]!);
  return { r: Float64Array.of(...along(eastX, northX), ...along(eastY, northY), ...axis), parity };
}
