import type { ImageQuality } from '../job/measured.js';
import { DEG } from '../wcs/sphere.js';
import { clippedFit } from './least-squares.js';

/** So many stars it takes, and they have to be in so many of the ninths of the image. */
const FEWEST = 30;
const FEWEST_CELLS = 6;
/** Percent that a person need not be told of. */
const SLIGHT = 8;

interface Frame {
  width: number;
  height: number;
  /** Pixels. */
  fwhm: number;
  /** What is right and up to the viewer, in columns and rows of the file. */
  axes: { right: readonly [number, number]; up: readonly [number, number] };
}

/** Tilt and curvature of the field: a plane and a paraboloid about the middle of the image, fitted to the widths of its stars. */
export function unevennessOf(
  stars: readonly { x: number; y: number; width: number }[],
  { width, height, fwhm, axes }: Frame,
): Pick<ImageQuality, 'tilt' | 'curvature_percent' | 'summary'> {
  const half = Math.hypot(width, height) / 2;
  const placed = stars.map(
    ({ x, y }) => [(x - (width + 1) / 2) / half, (y - (height + 1) / 2) / half] as const,
  );
  const third = (u: number, size: number) =>
    Math.min(1, Math.max(-1, Math.round((1.5 * u * half * 2) / size)));
  const cells = new Set(placed.map(([u, v]) => 3 * third(u, width) + third(v, height)));
  if (stars.length < FEWEST || cells.size < FEWEST_CELLS) return {};
  const fit = clippedFit(
    placed.map(([u, v]) => [1, u, v, u * u + v * v]),
    stars.map((star) => star.width),
  );
  if (!fit) return {};
  const [, du = 0, dv = 0, bend = 0] = fit;
  // From the middle of the side that is sharper to that across, through the middle of the image.
  const steepest = Math.hypot(du, dv);
  const reach = steepest > 0 ? (Math.abs(du) * width + Math.abs(dv) * height) / (2 * half * steepest) : 0;
  const tilt = (100 * 2 * steepest * reach) / fwhm;
  const curvature = (100 * bend) / fwhm;
  const toward_deg = (Math.atan2(dv, du) * DEG + 360) % 360;
  return {
    tilt: { percent: tilt, ...(tilt >= 1 && { toward_deg }) },
    curvature_percent: curvature,
    summary: summaryOf(tilt, curvature, sideOf([du, dv], axes)),
  };
}

/** Where a direction goes to the viewer. */
function sideOf([du, dv]: readonly [number, number], { right, up }: Frame['axes']): string {
  const along = du * right[0] + dv * right[1];
  const above = du * up[0] + dv * up[1];
  const turn = Math.round((Math.atan2(above, along) * DEG) / 45);
  return (
    ['right', 'upper right', 'top', 'upper left', 'left', 'lower left', 'bottom', 'lower right'].at(turn) ??
    'right'
  );
}

function summaryOf(tilt: number, curvature: number, side: string): string {
  const tilted =
    tilt >= SLIGHT ? `stars are ${Math.round(tilt)} % wider at the ${side} than across (tilt)` : undefined;
  const bent =
    Math.abs(curvature) >= SLIGHT
      ? `${Math.abs(Math.round(curvature))} % wider in the ${curvature > 0 ? 'corners than in the middle' : 'middle than in the corners'} (curvature)`
      : undefined;
  if (tilted && bent) return capitalised(`${tilted}, and ${bent}`);
  if (tilted) return `${capitalised(tilted)}; there is no curvature to speak of`;
  if (bent) return `Stars are ${bent}; there is no tilt to speak of`;
  return 'Stars are equally sharp all over the picture';
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
