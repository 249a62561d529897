import { fitWcs } from './fit.js';
import { withInverse } from './sip-inverse.js';
import { pixelsToSky, pixelToSky } from './tan-sip.js';
import { turnedWcs } from './turned.js';
import type { Wcs } from './wcs.js';
import { zenithalPlane } from './zenithal.js';

/** Step over which the scale at a pixel is taken, pixels: short against any distortion, long against rounding. */
const STEP_PX = 0.5;
/** Points along each side of the image by which a solution is carried over to another reference point. */
const GRID = 24;
/** A fit to what another solution says has no noise; so little that nothing is held back. */
const EXACT_PX = 1e-4;

/**
 * The plain tangent plane (no SIP) that touches the solution at the centre of the image: the same place, scale and rotation there. Also of a
 * fisheye lens.
 */
export function tangentAtCentre(wcs: Wcs): Wcs {
  const { width, height } = wcs;
  const crpix: Wcs['crpix'] = [(width + 1) / 2, (height + 1) / 2];
  const crval = pixelToSky(wcs, ...crpix);
  const plane = zenithalPlane('TAN', ...crval);
  const slope = (dx: number, dy: number): [number, number] => {
    const [before, after] = [-STEP_PX, STEP_PX].map((step) =>
      plane.project(...pixelToSky(wcs, crpix[0] + step * dx, crpix[1] + step * dy)),
    );
    if (!before || !after) return [Number.NaN, Number.NaN];
    return [(after[0] - before[0]) / (2 * STEP_PX), (after[1] - before[1]) / (2 * STEP_PX)];
  };
  const [[cd11, cd21], [cd12, cd22]] = [slope(1, 0), slope(0, 1)];
  return {
    crval,
    crpix,
    cd: [
      [cd11, cd12],
      [cd21, cd22],
    ],
    width,
    height,
  };
}

/** The same solution with the centre of the image as its reference pixel; that of a fisheye lens is returned as it is. */
export function aboutCentre(wcs: Wcs): Wcs {
  const { crpix, sip, projection, width, height } = wcs;
  if (projection || (crpix[0] === (width + 1) / 2 && crpix[1] === (height + 1) / 2)) return wcs;
  if (!sip) return tangentAtCentre(wcs);
  const [x, y] = [new Float64Array(GRID * GRID), new Float64Array(GRID * GRID)];
  for (let i = 0; i < GRID * GRID; i++) {
    x[i] = 0.5 + ((i % GRID) / (GRID - 1)) * width;
    y[i] = 0.5 + (Math.floor(i / GRID) / (GRID - 1)) * height;
  }
  const pairs = { x, y, ...pixelsToSky(wcs, x, y) };
  // One order more: about another point a polynomial over another tangent plane is no polynomial of the same order.
  const order = Math.min(9, sip.a.length);
  const fit = fitWcs(tangentAtCentre(wcs), pairs, { order, sigma_px: EXACT_PX, flexibility: 1e3 });
  return fit ? withInverse(fit.wcs) : wcs;
}

/** The same solution for rows that are counted from the last one of the file. */
export const rowsFromLast = (wcs: Wcs): Wcs => turnedWcs(wcs, { rowOrder: 'top-down' });
