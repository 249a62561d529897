// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { AstroObject, Capture } from '../job/result.js';
import { normalizeRa, positionAngle, RAD, separation } from '../wcs/sphere.js';
import { skyToPixel } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import { builtinCatalog } from './builtin.js';
import { type Frame, frameOf, unitVector } from './frame.js';
import { kindOf, OBJECT_KINDS, type ObjectKind } from './kinds.js';
import { fieldLimits, type MagnitudeLimits, prominence } from './limits.js';
import { solarSystemBodies } from './solar-system.js';
import type { CatalogRow, CatalogTable } from './table.js';

export interface FieldOptions {
  /** Only these kinds. @default all */
  kinds?: readonly ObjectKind[];
  /** Magnitude limits in place of those that suit the field. */
  magnitude?: MagnitudeLimits;
  /** At most so many, the most prominent ones. @default no limit */
  maxObjects?: number;
  /** Catalogues of one's own, made by `createCatalog`, listed together with the built-in one. */
  catalogs?: readonly CatalogTable[];
  /** Whether to list the built-in catalogue. @default true */
  builtin?: boolean;
  /** ISO 8601 with `Z`; with it the Sun, the Moon and the planets are listed, and near stars stand where they were that day. */
  datetimeUtc?: string;
  /** Where the photograph was taken, degrees and metres: the Moon stands up to a degree elsewhere for another place. */
  observer?: Capture['gps'];
}

interface Candidate {
  row: CatalogRow & { uncertainty_arcmin?: number };
  prominence: number;
}

/**
 * What is in the picture, nearest to its centre first: objects centred in the image, and extended ones (a circle of their
 * largest extent) that reach into it. A narrow field lists everything, a wide one what a person would name.
 *
 * `catalog` and `id` are the best known designation (`M` before `NGC` before `IC` before the surveys), `names` all of them; a star
 * has the catalog `star` and its HIP number as id; Sun, Moon and planets have `solar-system`.
 */
export function objectsInField(wcs: Wcs, options: FieldOptions = {}): AstroObject[] {
  const frame = frameOf(wcs);
  const tables = [...(options.builtin === false ? [] : builtinCatalog()), ...(options.catalogs ?? [])];
  const wanted = new Set(options.kinds ?? OBJECT_KINDS);
  const found: { object: AstroObject; prominence: number }[] = [];
  const take = ({ row, prominence }: Candidate) => {
    const object = wanted.has(kindOf(row.type))
      ? place(wcs, frame, moved(row, options.datetimeUtc))
      : undefined;
    if (object) found.push({ object, prominence });
  };
  const listed = fieldLimits(frame.width_deg, options.magnitude ?? {});
  for (const table of tables)
    for (const index of near(table, frame, listed))
      take({ row: table.row(index), prominence: prominence(table, index) });
  if (options.datetimeUtc !== undefined)
    for (const row of solarSystemBodies(options.datetimeUtc, options.observer))
      take({ row, prominence: Number.NEGATIVE_INFINITY });
  if (options.maxObjects !== undefined && found.length > options.maxObjects) {
    found.sort((a, b) => a.prominence - b.prominence);
    found.length = Math.max(0, options.maxObjects);
  }
  return found
    .map(({ object }) => object)
    .sort((a, b) => a.sep_arcmin - b.sep_arcmin || (a.name < b.name ? -1 : 1));
}

/** No star has moved farther in a century. */
const MOVED_DEG = 0.3;

/** Indices of a table's objects that are worth listing and whose extent may touch the circle around the image. */
function near(
  table: CatalogTable,
  frame: Frame,
  listed: (table: CatalogTable, index: number) => boolean,
): number[] {
  const [ra, dec] = frame.center;
  const [x, y, z] = unitVector(ra, dec);
  const { vector, size_arcmin } = table;
  const reach = frame.radius_deg + table.maxReach_deg + MOVED_DEG;
  const [inner, outer] = [cosine(frame.radius_deg + MOVED_DEG), cosine(reach)];
  const end = lowerBound(table.dec_deg, dec + reach);
  const found: number[] = [];
  // i is a row of the table.
  for (let i = lowerBound(table.dec_deg, dec - reach); i < end; i++) {
    const along = vector[3 * i]! * x + vector[3 * i + 1]! * y + vector[3 * i + 2]! * z;
    if (along < outer || !listed(table, i)) continue;
    if (along >= inner || along >= cosine(frame.radius_deg + size_arcmin[i]! / 120)) found.push(i);
  }
  return found;
}

/** Of an angle up to the whole half circle. */
function cosine(angle_deg: number): number {
  return Math.cos(Math.min(180, angle_deg) * RAD);
}

/** First index whose value is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    // low ≤ middle < high.
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row where the object stood at the date. */
function moved<Row extends CatalogRow>(row: Row, datetimeUtc: string | undefined): Row {
  const years = (Date.parse(datetimeUtc ?? '') - Date.UTC(2000, 0, 1, 12)) / (365.25 * 86_400_000);
  if (!row.motion_mas_per_year || !Number.isFinite(years)) return row;
  const [east, north] = row.motion_mas_per_year;
  const degrees = (mas: number) => (mas * years) / 3_600_000;
  const ra_deg = normalizeRa(row.ra_deg + degrees(east) / Math.cos(row.dec_deg * RAD));
  return { ...row, ra_deg, dec_deg: row.dec_deg + degrees(north) };
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** The object as the result document has it, or nothing when it lies outside. */
function place(wcs: Wcs, frame: Frame, row: Candidate['row']): AstroObject | undefined {
  const { ra_deg, dec_deg } = row;
  const pixel = skyToPixel(wcs, ra_deg, dec_deg);
  if (!pixel || !frame.contains(...pixel)) {
    const reach = (row.size_arcmin ?? 0) / 120;
    if (!(reach > 0) || frame.distanceToEdge(unitVector(ra_deg, dec_deg)) > reach) return undefined;
  }
  return {
    name: row.name,
    ...(row.catalog !== undefined && { catalog: row.catalog }),
    ...(row.id !== undefined && { id: row.id }),
    names: [...new Set([row.name, ...(row.names ?? [])])],
    ...(row.type !== undefined && { type: row.type }),
    ra_deg: round(ra_deg, 6),
    dec_deg: round(dec_deg, 6),
    ...(pixel && { x: round(pixel[0], 2), y: round(pixel[1], 2) }),
    sep_arcmin: round(separation(...frame.center, ra_deg, dec_deg) * 60, 3),
    pa_deg: round(positionAngle(...frame.center, ra_deg, dec_deg), 2),
    ...(row.magnitude !== undefined && { magnitude: row.magnitude }),
    ...(row.size_arcmin !== undefined && { size_arcmin: row.size_arcmin }),
    ...(row.uncertainty_arcmin !== undefined && { uncertainty_arcmin: row.uncertainty_arcmin }),
  };
}
