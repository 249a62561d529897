import { atOnce, inSlices } from '../async/slices.js';
import { separation } from '../wcs/sphere.js';
import { skyToPixel } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import { builtinCatalog } from './builtin.js';
import { constellationAt, constellationName } from './constellation.js';
import type { Frame } from './frame.js';
import { logistic } from './prominence.js';
import { kindIndex } from './table.js';

/** Magnitude of the faintest star that counts for the shape of a constellation. */
const FAINTEST = 4.6;
/** Degrees of the shorter side of a picture below which it shows no constellation. */
const NARROWEST = 6;

/** A constellation in a wide field. */
export interface ConstellationShare {
  name: string;
  /** IAU abbreviation. */
  symbol: string;
  /** Share of its bright stars, by weight, that is in the picture, 0 to 1. */
  share: number;
  /** Comparable with that of an object, 0 to 1. */
  prominence: number;
}

interface Figure {
  name: string;
  /** `weight` falls by one with each magnitude, down to one at the faintest. */
  stars: { ra_deg: number; dec_deg: number; weight: number }[];
}

let figures: ReadonlyMap<string, Figure> | undefined;

/** Reads their figures beforehand, and lets this thread do other work meanwhile. */
export async function prepareConstellations(): Promise<void> {
  if (figures) return;
  const read = await inSlices(readFigures());
  figures ??= read;
}

/**
 * The constellations of a wide field, most prominent first; none in a narrow one. They count by the width of the picture,
 * by how much of their bright stars it holds, and by how much of the bright stars in it is theirs (the middle counting most).
 */
export function constellationsInField(frame: Frame, wcs: Wcs): ConstellationShare[] {
  const shorter = Math.min(...frame.sides_deg);
  if (shorter < NARROWEST) return [];
  figures ??= atOnce(readFigures());
  const found = [...figures].map(([symbol, { name, stars }]) => {
    let [all, inside, central] = [0, 0, 0];
    for (const { ra_deg, dec_deg, weight } of stars) {
      all += weight;
      const pixel = skyToPixel(wcs, ra_deg, dec_deg);
      if (!pixel || !frame.contains(...pixel)) continue;
      inside += weight;
      central += weight * (1 - (separation(...frame.center, ra_deg, dec_deg) / frame.radius_deg) ** 2);
    }
    return { symbol, name, share: inside / all, central };
  });
  const total = found.reduce((sum, { central }) => sum + central, 0);
  return found
    .filter(({ central }) => central > 0)
    .map(({ symbol, name, share, central }) => ({
      symbol,
      name,
      share,
      prominence: logistic(-1.2 + 9 * Math.log10(shorter / 10) + 3.5 * share + (2.5 * central) / total),
    }))
    .sort((a, b) => b.prominence - a.prominence);
}

/** The bright stars of every constellation, by its boundaries; pauses after each star. */
function* readFigures(): Generator<undefined, ReadonlyMap<string, Figure>> {
  const read = new Map<string, Figure>();
  for (const table of builtinCatalog())
    for (let i = 0; i < table.length; i++) {
      const magnitude = table.magnitude[i] ?? Number.NaN;
      if (table.kind[i] !== kindIndex('star') || !(magnitude <= FAINTEST)) continue;
      const { ra_deg, dec_deg } = table.row(i);
      const symbol = constellationAt(ra_deg, dec_deg);
      const figure = read.get(symbol) ?? { name: constellationName(ra_deg, dec_deg), stars: [] };
      figure.stars.push({ ra_deg, dec_deg, weight: FAINTEST + 1 - magnitude });
      read.set(symbol, figure);
      yield;
    }
  return read;
}
