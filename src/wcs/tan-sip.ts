// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { ImageCircle, SipDistortion, Wcs } from './wcs.js';
import { zenithalPlane } from './zenithal.js';

/** Distortion beyond this many steps of Newton's method has no inverse worth having. */
const MAX_STEPS = 40;

/** The value of a polynomial at a point and its derivatives, as one pass over it finds them; used again for every point. */
interface Jet {
  value: number;
  du: number;
  dv: number;
}

const jet = (): Jet => ({ value: 0, du: 0, dv: 0 });

/** A polynomial in u and v with both derivatives, into `out`. `c[p][q]` multiplies u^p·v^q. */
function evaluate(c: readonly (readonly number[])[], u: number, v: number, out: Jet): void {
  // Both indices run from the last element down to 0.

  let [value, du, dv] = [0, 0, 0];
  for (let p = c.length - 1; p >= 0; p--) {
    const row = c[p]!;
    let [inner, innerDv] = [0, 0];
    for (let q = row.length - 1; q >= 0; q--) {
      innerDv = innerDv * v + inner;
      inner = inner * v + row[q]!;
    }
    du = du * u + value;
    value = value * u + inner;
    dv = dv * u + innerDv;
  }
  out.value = value;
  out.du = du;
  out.dv = dv;
}

/** Pixel offsets (u, v) from CRPIX with the distortion added: (u + f(u, v), v + g(u, v)). */
export function distorted({ a, b }: SipDistortion, u: number, v: number): [number, number] {
  const [f, g] = [jet(), jet()];
  evaluate(a, u, v, f);
  evaluate(b, u, v, g);
  return [u + f.value, v + g.value];
}

/** Whether a pixel lies in the round picture of a fisheye lens; its rim counts, up to rounding. */
export function isInCircle(circle: ImageCircle, x: number, y: number): boolean {
  return Math.hypot(x - circle.x, y - circle.y) <= circle.radius * (1 + 1e-9);
}

function inside(pixel: number, size: number): boolean {
  return pixel > 0 && pixel < size + 1;
}

/** The two directions of one plate solution, with what they share reckoned once. */
interface Projection {
  toSky(x: number, y: number): [number, number];
  toPixel(ra: number, dec: number): [number, number] | undefined;
}

function projection(wcs: Wcs): Projection {
  const [crpix1, crpix2] = wcs.crpix;
  const [[cd11, cd12], [cd21, cd22]] = wcs.cd;
  const det = cd11 * cd22 - cd12 * cd21;
  const plane = zenithalPlane(wcs.projection ?? 'TAN', wcs.crval[0], wcs.crval[1]);
  const { sip, circle } = wcs;
  const [f, g] = [jet(), jet()];

  /** Finds (u, v) with u + f(u, v) = U, v + g(u, v) = V. */
  function undistort(a: number[][], b: number[][], U: number, V: number): [number, number] | undefined {
    let [u, v] = [U, V];
    if (sip?.ap && sip.bp) {
      evaluate(sip.ap, U, V, f);
      evaluate(sip.bp, U, V, g);
      const [guessU, guessV] = [U + f.value, V + g.value];
      // The fit of the inverse was made inside the image; far outside it may be worse than none.
      if (inside(guessU + crpix1, wcs.width) && inside(guessV + crpix2, wcs.height))
        [u, v] = [guessU, guessV];
    }
    for (let step = 0; step < MAX_STEPS; step++) {
      evaluate(a, u, v, f);
      evaluate(b, u, v, g);
      const [missU, missV] = [u + f.value - U, v + g.value - V];
      const jacobian = (1 + f.du) * (1 + g.dv) - f.dv * g.du;
      // Where the polynomial folds the plane over, no pixel belongs to this place.
      if (!(jacobian > 0)) return undefined;
      const du = ((1 + g.dv) * missU - f.dv * missV) / jacobian;
      const dv = ((1 + f.du) * missV - g.du * missU) / jacobian;
      u -= du;
      v -= dv;
      if (Math.abs(du) + Math.abs(dv) < 1e-11 * (1 + Math.abs(u) + Math.abs(v))) return [u, v];
    }
    return undefined;
  }

  return {
    toSky(x, y) {
      if (circle && !isInCircle(circle, x, y)) return [Number.NaN, Number.NaN];
      let [u, v] = [x - crpix1, y - crpix2];
      if (sip) {
        evaluate(sip.a, u, v, f);
        evaluate(sip.b, u, v, g);
        u += f.value;
        v += g.value;
      }
      return plane.unproject(cd11 * u + cd12 * v, cd21 * u + cd22 * v);
    },
    toPixel(ra, dec) {
      const standard = plane.project(ra, dec);
      if (!standard) return undefined;
      const [xi, eta] = standard;
      const [U, V] = [(cd22 * xi - cd12 * eta) / det, (cd11 * eta - cd21 * xi) / det];
      const pixel = sip ? undistort(sip.a, sip.b, U, V) : ([U, V] as const);
      if (!pixel) return undefined;
      const [x, y] = [pixel[0] + crpix1, pixel[1] + crpix2];
      return circle && !isInCircle(circle, x, y) ? undefined : [x, y];
    },
  };
}

/**
 * Where on the sky a pixel looks: [RA, Dec] in degrees, RA in [0, 360); NaN where it does not look at the sky: outside the image circle of a
 * fisheye lens. Pixels follow the FITS convention; SIP after Shupe et al. 2005, the projections after Calabretta & Greisen 2002.
 */
export function pixelToSky(wcs: Wcs, x: number, y: number): [ra_deg: number, dec_deg: number] {
  return projection(wcs).toSky(x, y);
}

/**
 * The pixel that looks at a place on the sky, inside the image or out of it. Distortion is inverted exactly (Newton's
 * method); the solver's AP and BP only give the start. Undefined for a place that the projection does not reach (90° and more from
 * the reference point of a tangent plane), that lies outside the image circle, or so far outside the image that its distortion polynomial
 * has no inverse there.
 */
export function skyToPixel(wcs: Wcs, ra_deg: number, dec_deg: number): [x: number, y: number] | undefined {
  return projection(wcs).toPixel(ra_deg, dec_deg);
}

/** `pixelToSky` of many pixels at once; `x` and `y` are of one length. */
export function pixelsToSky(
  wcs: Wcs,
  x: Float64Array,
  y: Float64Array,
): {
  /** Right ascensions, degrees, J2000; NaN where a pixel looks nowhere. */
  ra_deg: Float64Array;
  /** Declinations, degrees, J2000; NaN where a pixel looks nowhere. */
  dec_deg: Float64Array;
} {
  const { toSky } = projection(wcs);
  const ra_deg = new Float64Array(x.length);
  const dec_deg = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) [ra_deg[i], dec_deg[i]] = toSky(x[i]!, y[i]!);
  return { ra_deg, dec_deg };
}

/** `skyToPixel` of many places at once, both arrays of one length; NaN where no pixel belongs to the place. */
export function skyToPixels(
  wcs: Wcs,
  ra_deg: Float64Array,
  dec_deg: Float64Array,
): {
  /** Along a row, FITS pixels; NaN where the picture cannot show the place. */
  x: Float64Array;
  /** From row to row, FITS pixels; NaN where the picture cannot show the place. */
  y: Float64Array;
} {
  const { toPixel } = projection(wcs);
  const x = new Float64Array(ra_deg.length).fill(Number.NaN);
  const y = new Float64Array(ra_deg.length).fill(Number.NaN);
  for (let i = 0; i < ra_deg.length; i++) {
    const pixel = toPixel(ra_deg[i]!, dec_deg[i]!);
    if (pixel) [x[i], y[i]] = pixel;
  }
  return { x, y };
}
