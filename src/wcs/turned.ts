import { type DisplayOptions, displayAxes, displaySize } from './display.js';
import type { Wcs } from './wcs.js';

type Vector = readonly [x: number, y: number];
type Polynomial = readonly (readonly number[])[];

/**
 * The same plate solution for the upright picture, whose rows are counted from the lowest, as in FITS and AVM: pixel (1, 1) is at the
 * lower left as a person sees it. Exact, for a picture is turned by quarters and mirrored only.
 */
export function turnedWcs(wcs: Wcs, display: DisplayOptions): Wcs {
  const { right, up } = displayAxes(display);
  const size = displaySize(wcs, display);
  const middle: Vector = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
  const turnedMiddle: Vector = [(size.width + 1) / 2, (size.height + 1) / 2];
  const turned = ([x, y]: Vector): [number, number] => {
    const [dx, dy] = [x - middle[0], y - middle[1]];
    return [turnedMiddle[0] + dx * right[0] + dy * right[1], turnedMiddle[1] + dx * up[0] + dy * up[1]];
  };
  const row = ([a, b]: Vector): [number, number] => [a * right[0] + b * right[1], a * up[0] + b * up[1]];
  const { sip, circle } = wcs;
  const pair = (f: Polynomial, g: Polynomial) => turnedPair(f, g, right, up);
  const [a, b] = sip ? pair(sip.a, sip.b) : [];
  const [ap, bp] = sip?.ap && sip.bp ? pair(sip.ap, sip.bp) : [];
  const [x, y] = circle ? turned([circle.x, circle.y]) : [0, 0];
  return {
    ...wcs,
    ...size,
    crpix: turned(wcs.crpix),
    cd: [row(wcs.cd[0]), row(wcs.cd[1])],
    ...(a && b && { sip: { a, b, ...(ap && bp && { ap, bp }) } }),
    ...(circle && { circle: { ...circle, x, y } }),
  };
}

/** Two polynomials in (u, v), the components of a vector, for axes of which `right` and `up` are the directions in the old ones. */
function turnedPair(f: Polynomial, g: Polynomial, right: Vector, up: Vector): [number[][], number[][]] {
  const swaps = right[0] === 0;
  // The old u is `signU` times the new u, or the new v where the axes change places.
  const [signU, signV] = swaps ? [up[0], right[1]] : [right[0], up[1]];
  const along = (c: Polynomial, sign: number): number[][] => {
    const order = Math.max(c.length, ...c.map((row) => row.length));
    const out = Array.from({ length: order }, (_, p) => Array.from({ length: order - p }, () => 0));
    c.forEach((row, p) => {
      row.forEach((value, q) => {
        const [to, at] = swaps ? [q, p] : [p, q];
        const target = out[to];
        if (value !== 0 && target) target[at] = sign * value * signU ** p * signV ** q;
      });
    });
    return out;
  };
  return swaps ? [along(g, signV), along(f, signU)] : [along(f, signU), along(g, signV)];
}
