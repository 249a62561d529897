import type { Astrometry } from '../job/astrometry.js';
import { type DisplayOptions, displayAxes, displayFrame } from './display.js';
import { skyEdge, skyOutline } from './sky-edge.js';
import { DEG, normalizeSigned, positionAngle, RAD, separation } from './sphere.js';
import { pixelToSky } from './tan-sip.js';
import type { Wcs } from './wcs.js';
import { LENS_NAMES } from './zenithal.js';

/** Points at which the edge of the sky is looked at. */
const OUTLINE_POINTS = 72;

/** The part of `astrometry` that follows from the plate solution alone; contract section 3. */
export type FieldGeometry = Pick<Astrometry, 'corners' | 'projection' | 'image_circle'> &
  Required<
    Pick<
      Astrometry,
      | 'ra_center'
      | 'dec_center'
      | 'fov_deg'
      | 'pixscale_arcsec'
      | 'orientation_deg'
      | 'display_up_deg'
      | 'parity'
      | 'mirrored'
      | 'radius_deg'
      | 'cd_matrix'
    >
  >;

type Vector = readonly [number, number];

/**
 * Position angle (degrees east of north, (−180, 180]) in which a step (dx, dy) from a pixel goes on the sky, distortion
 * included. Reckoned from the derivative, so it is exact at any pixel scale.
 */
export function stepPositionAngle(wcs: Wcs, x: number, y: number, dx: number, dy: number): number {
  if (wcs.projection) return secantPositionAngle(wcs, x, y, dx, dy);
  const [u, v] = [x - wcs.crpix[0], y - wcs.crpix[1]];
  const [[fu, fv], [gu, gv]] = [gradient(wcs.sip?.a, u, v), gradient(wcs.sip?.b, u, v)];
  const [stepU, stepV] = [dx + fu * dx + fv * dy, dy + gu * dx + gv * dy];
  const dXi = wcs.cd[0][0] * stepU + wcs.cd[0][1] * stepV;
  const dEta = wcs.cd[1][0] * stepU + wcs.cd[1][1] * stepV;
  const [ra, dec] = pixelToSky(wcs, x, y);
  // The step lies in the tangent plane at CRVAL; its components on north and east at the pixel itself.
  const [ra0, dec0, alpha, delta] = [wcs.crval[0] * RAD, wcs.crval[1] * RAD, ra * RAD, dec * RAD];
  const [sinDec0, cosDec0, sin, cos] = [
    Math.sin(dec0),
    Math.cos(dec0),
    Math.sin(alpha - ra0),
    Math.cos(alpha - ra0),
  ];
  const east = dXi * cos + dEta * sinDec0 * sin;
  const north =
    dXi * -Math.sin(delta) * sin + dEta * (sinDec0 * Math.sin(delta) * cos + cosDec0 * Math.cos(delta));
  return normalizeSigned(Math.atan2(east, north) * DEG);
}

/** Of the scales of fisheye lenses, arcminutes a pixel, this is exact to 10⁻⁶ degrees. */
const SHORT_STEP_PX = 0.01;

function secantPositionAngle(wcs: Wcs, x: number, y: number, dx: number, dy: number): number {
  const [stepX, stepY] = [(SHORT_STEP_PX / 2) * dx, (SHORT_STEP_PX / 2) * dy];
  const before = pixelToSky(wcs, x - stepX, y - stepY);
  const after = pixelToSky(wcs, x + stepX, y + stepY);
  return normalizeSigned(positionAngle(...before, ...after));
}

function gradient(c: number[][] | undefined, u: number, v: number): Vector {
  let [du, dv] = [0, 0];
  c?.forEach((row, p) => {
    row.forEach((value, q) => {
      if (p > 0) du += value * p * u ** (p - 1) * v ** q;
      if (q > 0) dv += value * q * u ** p * v ** (q - 1);
    });
  });
  return [du, dv];
}

type Place = [ra_deg: number, dec_deg: number];

/** Great circle from edge to edge by way of the middle. */
function pathLength(from: Place, middle: Place, to: Place): number {
  return separation(...from, ...middle) + separation(...middle, ...to);
}

interface LocalScale {
  arcsec: number;
  orientation_deg: number;
}

/** Of a tangent plane: those of the CD matrix. */
function scaleOfMatrix({ cd: [[a, b], [c, d]] }: Wcs, parity: 1 | -1): LocalScale {
  return {
    arcsec: 3600 * Math.sqrt(Math.abs(a * d - b * c)),
    orientation_deg: normalizeSigned(-Math.atan2(parity * c - b, parity * a + d) * DEG),
  };
}

/** Of a fisheye lens, whose CD matrix is that of the optical axis: those at the middle of the image. */
function scaleAtMiddle(wcs: Wcs, x: number, y: number): LocalScale {
  const length = (dx: number, dy: number) =>
    separation(...pixelToSky(wcs, x - dx, y - dy), ...pixelToSky(wcs, x + dx, y + dy));
  const [right, up] = [stepPositionAngle(wcs, x, y, 1, 0), stepPositionAngle(wcs, x, y, 0, 1)];
  const sine = Math.abs(Math.sin((right - up) * RAD));
  return { arcsec: 3600 * Math.sqrt(length(0.5, 0) * length(0, 0.5) * sine), orientation_deg: up };
}

/**
 * Where the image lies on the sky, in the terms that astrometry.net uses (its `wcsinfo` prints the same numbers):
 *
 * - centre: the WCS at ((W+1)/2, (H+1)/2), distortion included;
 * - `fov_deg`: great-circle length through the middle row and the middle column, edge to edge, in two halves each;
 * - `pixscale_arcsec`: 3600·√|det CD|; `orientation_deg`: "up is X degrees E of N" with up = +y, from the CD matrix; of a fisheye lens
 *   both at the centre;
 * - `parity`: sign of det CD.
 *
 * and in the terms of a person who looks at the picture, row order and EXIF orientation honoured:
 *
 * - `display_up_deg`: position angle, at the centre, of what is up; degrees east of north in (−180, 180];
 * - `mirrored`: the picture is a mirror image of the sky (with north up, east would be on the right);
 * - `corners`: outer corners of the corner pixels, in the order top left, top right, bottom right, bottom left;
 * - `radius_deg`: great circle from the centre to the farthest corner.
 *
 * Where the sky does not fill the picture, `corners` is absent, `fov_deg` runs inside the image circle and may exceed 180, and
 * `radius_deg` is to the farthest point of the sky's edge.
 */
export function fieldGeometry(wcs: Wcs, options: DisplayOptions): FieldGeometry {
  const { width, height } = wcs;
  const [[cd11, cd12], [cd21, cd22]] = wcs.cd;
  const det = cd11 * cd22 - cd12 * cd21;
  const parity = det >= 0 ? 1 : -1;
  const [midX, midY] = [(width + 1) / 2, (height + 1) / 2];
  const sky = (x: number, y: number) => pixelToSky(wcs, x, y);
  const center = sky(midX, midY);
  const { right, up } = displayAxes(options);
  const frame = displayFrame(wcs, options);
  const corner = (x: number, y: number) => sky(...frame.toPixel([x, y]));
  const outer = [
    corner(0, 0),
    corner(frame.width, 0),
    corner(frame.width, frame.height),
    corner(0, frame.height),
  ];
  const corners = outer.every(([ra]) => !Number.isNaN(ra)) ? outer : undefined;
  const edge = (along: number) => sky(...skyEdge(wcs, along));
  const farthest = corners ?? skyOutline(wcs, OUTLINE_POINTS).map((pixel) => sky(...pixel));
  const scale = wcs.projection ? scaleAtMiddle(wcs, midX, midY) : scaleOfMatrix(wcs, parity);
  return {
    ra_center: center[0],
    dec_center: center[1],
    fov_deg: [
      pathLength(edge(Math.PI), center, edge(0)),
      pathLength(edge(-Math.PI / 2), center, edge(Math.PI / 2)),
    ],
    pixscale_arcsec: scale.arcsec,
    orientation_deg: scale.orientation_deg,
    display_up_deg: stepPositionAngle(wcs, midX, midY, up[0], up[1]),
    parity,
    mirrored: det * (right[0] * up[1] - right[1] * up[0]) > 0,
    radius_deg: Math.max(...farthest.map((place) => separation(...center, ...place))),
    ...(corners && { corners }),
    cd_matrix: { CD1_1: cd11, CD1_2: cd12, CD2_1: cd21, CD2_2: cd22 },
    ...(wcs.projection && { projection: LENS_NAMES[wcs.projection] }),
    ...(wcs.circle && { image_circle: { ...wcs.circle } }),
  };
}
