// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { AstroObject } from '../job/astrometry.js';
import { normalizeRa, positionAngle, RAD, separation } from '../wcs/sphere.js';
import { skyToPixel } from '../wcs/tan-sip.js';
import { unitVector } from '../wcs/vector.js';
import type { Wcs } from '../wcs/wcs.js';
import { bandOf } from './band.js';
import { builtinCatalog } from './builtin.js';
import { type Coverage, coverageOf, type Share } from './coverage.js';
import type { FieldOptions } from './field-options.js';
import { type Frame, frameOf } from './frame.js';
import { kindOf, OBJECT_KINDS } from './kinds.js';
import { fieldLimits } from './limits.js';
import type { MovingRow } from './moving-row.js';
import { prominence } from './prominence.js';
import { solarSystemBodies } from './solar-system.js';
import type { CatalogRow, CatalogTable } from './table.js';

/** An object of the picture; `prominence` says how much it stands out, 0 to 1. */
export type PlacedObject = AstroObject & {
  /** How much the object stands out in this picture, 0 to 1. */
  prominence: number;
};

/** An object with what of it is in the picture. */
export interface Candidate {
  object: PlacedObject;
  share: Share;
}

/** The picture on the sphere. */
export interface Picture {
  wcs: Wcs;
  frame: Frame;
  coverage: Coverage;
}

type Row = CatalogRow &
  Partial<Pick<MovingRow, 'motion' | 'trail' | 'distance_au' | 'elements_age_days' | 'uncertainty_arcmin'>>;

export function pictureOf(wcs: Wcs): Picture {
  const frame = frameOf(wcs);
  return { wcs, frame, coverage: coverageOf(wcs, frame.sides_deg) };
}

/** What the options choose of what is in the picture, nearest to its centre first. */
export function candidatesIn(picture: Picture, options: FieldOptions): Candidate[] {
  const { frame } = picture;
  const { datetimeUtc, observer, maxObjects } = options;
  const tables = [...(options.builtin === false ? [] : builtinCatalog()), ...(options.catalogs ?? [])];
  const wanted = new Set(options.kinds ?? OBJECT_KINDS);
  const listed = fieldLimits(frame.width_deg, options.magnitude ?? {});
  const rows: Row[] = tables.flatMap((table) =>
    near(table, frame, listed).map((index) => moved(table.row(index), datetimeUtc)),
  );
  if (datetimeUtc !== undefined) rows.push(...solarSystemBodies(datetimeUtc, observer));
  rows.push(...(options.moving ?? []));
  const found = rows
    .filter((row) => wanted.has(kindOf(row.type)))
    .flatMap((row) => place(picture, row) ?? []);
  if (maxObjects !== undefined && found.length > maxObjects) {
    found.sort((a, b) => b.object.prominence - a.object.prominence);
    found.length = Math.max(0, maxObjects);
  }
  return found.sort(
    ({ object: a }, { object: b }) => a.sep_arcmin - b.sep_arcmin || (a.name < b.name ? -1 : 1),
  );
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
  const { size_arcmin } = table;
  const reach = frame.radius_deg + table.maxReach_deg + MOVED_DEG;
  const [inner, outer] = [cosine(frame.radius_deg + MOVED_DEG), cosine(reach)];
  const { start, end } = bandOf(table, dec, reach);
  const vector = table.vectors(start, end);
  const found: number[] = [];
  for (let i = start; i < end; i++) {
    // i is below the length of every column, and a vector has three numbers.
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

/** The row where the object stood at the date. */
function moved<Row extends CatalogRow>(row: Row, datetimeUtc: string | undefined): Row {
  const years = (Date.parse(datetimeUtc ?? '') - Date.UTC(2000, 0, 1, 12)) / (365.25 * 86_400_000);
  if (!row.motion_mas_per_year || !Number.isFinite(years)) return row;
  const [ra_mas, dec_mas] = row.motion_mas_per_year;
  const moved_deg = (mas: number) => (mas * years) / 3_600_000;
  const ra_deg = normalizeRa(row.ra_deg + moved_deg(ra_mas) / Math.cos(row.dec_deg * RAD));
  return { ...row, ra_deg, dec_deg: row.dec_deg + moved_deg(dec_mas) };
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
const pairOf = ([a, b]: readonly [number, number]): [number, number] => [a, b];

/** The object as the result document has it, or nothing when it lies outside. */
function place({ wcs, frame, coverage }: Picture, row: Row): Candidate | undefined {
  const { ra_deg, dec_deg } = row;
  const pixel = skyToPixel(wcs, ra_deg, dec_deg);
  const inside = pixel !== undefined && frame.contains(...pixel);
  if (!inside) {
    const reach = (row.size_arcmin ?? 0) / 120;
    if (!(reach > 0) || frame.distanceToEdge(unitVector(ra_deg, dec_deg)) > reach) return undefined;
  }
  const share = coverage.of(row, inside);
  const sep_deg = separation(...frame.center, ra_deg, dec_deg);
  const distance = Math.max(0, sep_deg - share.radius_deg) / frame.radius_deg;
  const object = {
    name: row.name,
    ...(row.catalog !== undefined && { catalog: row.catalog }),
    ...(row.id !== undefined && { id: row.id }),
    names: [...new Set([row.name, ...(row.names ?? [])])],
    ...(row.type !== undefined && { type: row.type }),
    ra_deg: round(ra_deg, 6),
    dec_deg: round(dec_deg, 6),
    ...(pixel && { x: round(pixel[0], 2), y: round(pixel[1], 2) }),
    sep_arcmin: round(sep_deg * 60, 3),
    pa_deg: round(positionAngle(...frame.center, ra_deg, dec_deg), 2),
    ...(row.magnitude !== undefined && { magnitude: row.magnitude }),
    ...(row.size_arcmin !== undefined && { size_arcmin: row.size_arcmin }),
    ...(row.axes_arcmin && { axes_arcmin: pairOf(row.axes_arcmin) }),
    ...(row.axis_pa_deg !== undefined && { axis_pa_deg: row.axis_pa_deg }),
    ...(row.uncertainty_arcmin !== undefined && { uncertainty_arcmin: row.uncertainty_arcmin }),
    ...(row.motion && { motion: row.motion }),
    ...(row.trail && { trail: row.trail.map(pairOf) }),
    ...(row.distance_au !== undefined && { distance_au: row.distance_au }),
    ...(row.elements_age_days !== undefined && { elements_age_days: row.elements_age_days }),
    prominence: round(prominence(row, { share, centred: inside, distance }), 3),
  };
  return { object, share };
}
