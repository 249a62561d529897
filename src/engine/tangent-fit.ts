// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { fitWcs } from '../wcs/fit.js';
import { DEG, normalizeRa, RAD } from '../wcs/sphere.js';
import { skyToPixels } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import type { Camera } from './camera.js';
import type { GrownMatch } from './evidence.js';
import type { MatchedStar } from './question.js';
import type { StarIndex } from './star-index.js';

/** A TAN solution that is off by more than this share of the image's diagonal (root mean square) is none. */
const MAX_RESIDUAL = 0.015;

/** The matched stars of a growth. */
export function matchesOf({ references, match, stars, field }: GrownMatch, index: StarIndex): MatchedStar[] {
  const direction = new Float64Array(3);
  const matches: MatchedStar[] = [];
  for (let i = 0; i < references; i++) {
    const star = match[i]!;
    if (star < 0) continue;
    const id = stars[i]!;
    index.direction(id, direction, 0);
    const [ra_deg, dec_deg] = placeOf(direction);
    const magnitude = index.magnitude(id);
    matches.push({ star, x: field.x[star]!, y: field.y[star]!, ra_deg, dec_deg, magnitude, id });
  }
  return matches;
}

/**
 * The TAN solution that fits matched stars best (least squares), begun from the camera that found them. Undefined when they do not fit
 * one, or not one of the camera's parity.
 */
export function fitTangent(
  camera: Camera,
  matches: readonly MatchedStar[],
  sigma_px: number,
): Wcs | undefined {
  const start = wcsOf(camera);
  const column = (name: 'x' | 'y' | 'ra_deg' | 'dec_deg') =>
    Float64Array.from(matches, (match) => match[name]);
  const pairs = { x: column('x'), y: column('y'), ra_deg: column('ra_deg'), dec_deg: column('dec_deg') };
  const wcs = fitWcs(start, pairs, { order: 1, sigma_px })?.wcs;
  if (!wcs) return undefined;
  const [[a, b], [c, d]] = wcs.cd;
  if (Math.sign(a * d - b * c) !== camera.parity) return undefined;
  const { x, y } = skyToPixels(wcs, pairs.ra_deg, pairs.dec_deg);
  const sum = matches.reduce((total, match, i) => total + (match.x - x[i]!) ** 2 + (match.y - y[i]!) ** 2, 0);
  const residual = Math.sqrt(sum / matches.length);
  return residual <= MAX_RESIDUAL * Math.hypot(wcs.width, wcs.height) ? wcs : undefined;
}

/** What a pinhole camera sees, as a TAN solution about the middle of its image. */
function wcsOf(camera: Camera): Wcs {
  const { r, focal, parity, cx, cy } = camera;
  const crval = placeOf(r.subarray(6, 9));
  const [ra, dec] = [crval[0] * RAD, crval[1] * RAD];
  const east = [-Math.sin(ra), Math.cos(ra), 0] as const;
  const north = [-Math.sin(dec) * Math.cos(ra), -Math.sin(dec) * Math.sin(ra), Math.cos(dec)] as const;
  const along = (axis: readonly [number, number, number], row: 0 | 1) =>
    (axis[0] * r[3 * row]! + axis[1] * r[3 * row + 1]! + axis[2] * r[3 * row + 2]!) * (DEG / focal);
  const cd: Wcs['cd'] = [
    [along(east, 0), parity * along(east, 1)],
    [along(north, 0), parity * along(north, 1)],
  ];
  return { crval, crpix: [cx, cy], cd, width: 2 * cx - 1, height: 2 * cy - 1 };
}

/** Where a unit vector points: J2000 degrees. */
export function placeOf(direction: Float64Array): [ra_deg: number, dec_deg: number] {
  const [x, y, z] = [direction[0]!, direction[1]!, direction[2]!];
  return [normalizeRa(Math.atan2(y, x) * DEG), Math.atan2(z, Math.hypot(x, y)) * DEG];
}
