import type { ConstellationFigure } from '../catalog/figure.js';
import type { Subject } from '../job/astrometry.js';
import type { Point } from '../wcs/display.js';
import { tracePieces } from '../wcs/grid.js';
import { destination, positionAngle, separation } from '../wcs/sphere.js';
import type { SkyView } from '../wcs/view.js';

/** Lines over the picture, and the places where their name may stand. */
export interface SkyLines {
  name: string;
  pieces: Point[][];
}

/** Degrees of the wider side from which constellations are drawn. */
const WIDE_DEG = 15;
/** Of a line between two stars: space left around them. */
const STAR_SPACE = 0.03;

export interface DrawnConstellation extends SkyLines {
  symbol: string;
  /** Middle of what is seen of it. */
  middle: Point;
}

/** Whether a picture is wide enough for the figures of constellations. */
export const isWide = (view: SkyView): boolean =>
  Math.max(view.visible.width, view.visible.height) / view.scale >= WIDE_DEG;

/** The figures of the constellations in a wide picture; the one that is the subject in any. `all`, by IAU abbreviation. */
export function constellationsIn(
  view: SkyView,
  all: ReadonlyMap<string, ConstellationFigure>,
  { subject, wide }: { subject: Subject | undefined; wide: boolean },
): DrawnConstellation[] {
  const chosen = subject?.catalog === 'constellation' ? subject.id : undefined;
  return [...all].flatMap(([symbol, { name, lines }]) => {
    if (!wide && symbol !== chosen) return [];
    const pieces = lines.flatMap((line) =>
      line.slice(1).flatMap((to, i) => {
        // `line` has a point before each of these.
        const from = line[i] ?? to;
        const [angle, length] = [positionAngle(...from, ...to), separation(...from, ...to)];
        const steps = Math.max(4, Math.ceil(length));
        return tracePieces(
          view,
          (t) => destination(...from, angle, length * (STAR_SPACE + (1 - 2 * STAR_SPACE) * t)),
          steps,
        );
      }),
    );
    const seen = pieces.flat().filter((point) => view.contains(point));
    if (seen.length === 0 && symbol !== chosen) return [];
    const middle: Point =
      seen.length > 0
        ? [mean(seen.map(([x]) => x)), mean(seen.map(([, y]) => y))]
        : [view.width / 2, view.height / 2];
    return [{ symbol, name, pieces, middle }];
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Great circles by a pole: of the celestial equator, of the ecliptic (J2000), of the galaxy (IAU 1958, in J2000). */
export const GREAT_CIRCLES = {
  equator: { name: 'Equator', pole: [0, 90] },
  ecliptic: { name: 'Ecliptic', pole: [270, 90 - 23.4392911] },
  galactic: { name: 'Galactic equator', pole: [192.85948, 27.12825] },
} as const;

export function greatCircle(view: SkyView, which: keyof typeof GREAT_CIRCLES): SkyLines {
  const { name, pole } = GREAT_CIRCLES[which];
  const [ra_deg, dec_deg] = pole;
  return { name, pieces: tracePieces(view, (t) => destination(ra_deg, dec_deg, 360 * t, 90), 720) };
}
