import { RAD } from '../wcs/sphere.js';
import { pixelToSky } from '../wcs/tan-sip.js';
import { dot, unitVector, type Vector } from '../wcs/vector.js';
import type { Wcs } from '../wcs/wcs.js';

/** Sample points along the longer side of the picture. */
const SAMPLES = 32;

/** What of an object is in the picture. */
export interface Share {
  /** Share of the picture that the object covers, 0 to 1. */
  ofPicture: number;
  /** Share of the object that is in the picture, 0 to 1. */
  ofObject: number;
  /** Of the circle that is as large as the object, degrees. */
  radius_deg: number;
}

/** An extended object: a circle as wide as its size, or an ellipse when both axes and their angle are known. */
export interface Extent {
  ra_deg: number;
  dec_deg: number;
  size_arcmin?: number | undefined;
  axes_arcmin?: readonly [number, number] | undefined;
  axis_pa_deg?: number | undefined;
}

/** The picture as points on the sphere, for measuring what covers it. */
export interface Coverage {
  /** Square degrees. */
  area_deg2: number;
  of(extent: Extent, inside: boolean): Share;
}

export function coverageOf(wcs: Wcs, size_deg: [width: number, height: number]): Coverage {
  const { width, height } = wcs;
  const step = Math.max(width, height) / SAMPLES;
  const [columns, rows] = [Math.max(1, Math.round(width / step)), Math.max(1, Math.round(height / step))];
  const points: Vector[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const place = pixelToSky(
        wcs,
        0.5 + ((column + 0.5) * width) / columns,
        0.5 + ((row + 0.5) * height) / rows,
      );
      // Outside the image circle there is no sky.
      if (!Number.isNaN(place[0])) points.push(unitVector(...place));
    }
  const area_deg2 = size_deg[0] * size_deg[1];
  const spacing_deg = Math.sqrt(area_deg2 / points.length);
  return {
    area_deg2,
    of(extent, inside) {
      const [a, b] = semiAxes_deg(extent);
      const area = Math.PI * a * b;
      const radius_deg = Math.sqrt(a * b);
      // Too small to be sampled: in or out by its centre.
      if (a < 2 * spacing_deg) {
        const ofObject = inside ? 1 : 0.25;
        return { ofPicture: Math.min(1, (ofObject * area) / area_deg2), ofObject, radius_deg };
      }
      const contains = ellipse(extent, a, b);
      const ofPicture = points.filter(contains).length / points.length;
      return { ofPicture, ofObject: Math.min(1, (ofPicture * area_deg2) / area), radius_deg };
    },
  };
}

/** Degrees; a flat object whose angle is unknown counts as the circle of the same area. */
function semiAxes_deg({ size_arcmin = 0, axes_arcmin, axis_pa_deg }: Extent): [number, number] {
  const [major, minor] = axes_arcmin ?? [size_arcmin, size_arcmin];
  if (axis_pa_deg !== undefined) return [major / 120, minor / 120];
  const mean = Math.sqrt(major * minor) / 120;
  return [mean, mean];
}

function ellipse(
  { ra_deg, dec_deg, axis_pa_deg = 0 }: Extent,
  a: number,
  b: number,
): (place: Vector) => boolean {
  const centre = unitVector(ra_deg, dec_deg);
  const reach = Math.cos(Math.min(180, a) * RAD);
  if (a === b) return (place) => dot(place, centre) >= reach;
  const [sinRa, cosRa] = [Math.sin(ra_deg * RAD), Math.cos(ra_deg * RAD)];
  const east: Vector = [-sinRa, cosRa, 0];
  const north: Vector = [
    -Math.sin(dec_deg * RAD) * cosRa,
    -Math.sin(dec_deg * RAD) * sinRa,
    Math.cos(dec_deg * RAD),
  ];
  const [sin, cos] = [Math.sin(axis_pa_deg * RAD), Math.cos(axis_pa_deg * RAD)];
  return (place) => {
    if (dot(place, centre) < reach) return false;
    const [x, y] = [dot(place, east) / RAD, dot(place, north) / RAD];
    return ((x * sin + y * cos) / a) ** 2 + ((x * cos - y * sin) / b) ** 2 <= 1;
  };
}
