import { skyEdge, skyOutline } from '../wcs/sky-edge.js';
import { pixelToSky } from '../wcs/tan-sip.js';
import { angleBetween as angle, cross, dot, unitVector, type Vector } from '../wcs/vector.js';
import type { Wcs } from '../wcs/wcs.js';

/** Straight pieces a side; a distorted edge is no great circle, but so short a piece of it is. */
const PIECES = 8;

/** Of the edge of an image circle. */
const OUTLINE_POINTS = 64;

/** The image on the sphere. */
export interface Frame {
  /** [RA, Dec] in degrees of the middle of the image. */
  center: [number, number];
  /** From the centre to the farthest point of the edge, degrees. */
  radius_deg: number;
  /** Along the middle row and the middle column, degrees. */
  sides_deg: [number, number];
  /** The longer of the two. */
  width_deg: number;
  contains(x: number, y: number): boolean;
  /** Great-circle distance to the nearest point of the edge, degrees. */
  distanceToEdge(place: Vector): number;
}

export function frameOf(wcs: Wcs): Frame {
  const { width, height } = wcs;
  const at = (x: number, y: number) => unitVector(...pixelToSky(wcs, x, y));
  const [left, right, bottom, top] = [0.5, width + 0.5, 0.5, height + 0.5];
  const edge: Vector[] = [at(left, bottom)];
  for (let i = 1; i < PIECES; i++) edge.push(at(left + (width * i) / PIECES, bottom));
  for (let i = 0; i < PIECES; i++) edge.push(at(right, bottom + (height * i) / PIECES));
  for (let i = 0; i < PIECES; i++) edge.push(at(right - (width * i) / PIECES, top));
  for (let i = 0; i < PIECES; i++) edge.push(at(left, top - (height * i) / PIECES));
  const shown = wcs.circle ? skyOutline(wcs, OUTLINE_POINTS).map((pixel) => at(...pixel)) : edge;
  const [midX, midY] = [(width + 1) / 2, (height + 1) / 2];
  const center = pixelToSky(wcs, midX, midY);
  const middle = unitVector(...center);
  const edgeAt = (along: number) => at(...skyEdge(wcs, along));
  const sides_deg: [number, number] = [
    angle(edgeAt(Math.PI), middle) + angle(middle, edgeAt(0)),
    angle(edgeAt(-Math.PI / 2), middle) + angle(middle, edgeAt(Math.PI / 2)),
  ];
  return {
    center,
    radius_deg: Math.max(...shown.map((point) => angle(middle, point))),
    sides_deg,
    width_deg: Math.max(...sides_deg),
    contains: (x, y) => x >= left && x <= right && y >= bottom && y <= top,
    distanceToEdge: (place) =>
      Math.min(
        ...shown.map((point, i) => distanceToArc(place, point, shown[(i + 1) % shown.length] ?? point)),
      ),
  };
}

/** From a place to the nearest point of the great-circle arc between two others, degrees. */
function distanceToArc(place: Vector, from: Vector, to: Vector): number {
  const pole = cross(from, to);
  const foot = cross(pole, cross(place, pole));
  const onArc = dot(cross(from, foot), pole) >= 0 && dot(cross(foot, to), pole) >= 0 && dot(foot, from) > 0;
  if (!onArc) return Math.min(angle(place, from), angle(place, to));
  return Math.abs(90 - angle(place, pole));
}
