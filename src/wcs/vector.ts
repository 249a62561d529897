import { DEG, normalizeRa, RAD } from './sphere.js';

export type Vector = readonly [number, number, number];

export const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scaled = ([x, y, z]: Vector, factor: number): Vector => [x * factor, y * factor, z * factor];
export const norm = (a: Vector) => Math.hypot(...a);

/** Degrees to the unit vector of a direction. */
export function unitVector(ra_deg: number, dec_deg: number): Vector {
  const cos = Math.cos(dec_deg * RAD);
  return [cos * Math.cos(ra_deg * RAD), cos * Math.sin(ra_deg * RAD), Math.sin(dec_deg * RAD)];
}

/** The direction of a vector of any length, degrees. */
export function directionOf([x, y, z]: Vector): [ra_deg: number, dec_deg: number] {
  return [normalizeRa(Math.atan2(y, x) * DEG), Math.atan2(z, Math.hypot(x, y)) * DEG];
}

/** Between two vectors of any length, degrees. */
export const angleBetween = (a: Vector, b: Vector) => Math.atan2(norm(cross(a, b)), dot(a, b)) * DEG;
