import { basename, dirname } from 'node:path';
import { type Coverage, coverageOf, type FieldRange } from '../../solver/indexes/coverage.js';
import type { InstalledIndex } from '../../solver/indexes/installed.js';
import { checkIndexFile } from './check-file.js';
import { type IndexFolder, lookAround } from './folders.js';
import { inspectPackagedStars } from './packaged-stars.js';

/** Stars with quads of one range of sizes: the package's own, or the index files of one series in one folder. */
export interface StarSet {
  kind: 'packaged' | 'index-files';
  /** `packaged stars`, or the series: `index-4107`. */
  name: string;
  /** The folder of its files. */
  folder: string;
  files: string[];
  /** INDEXID; absent for packaged stars. */
  number?: number;
  lower_arcmin: number;
  upper_arcmin: number;
  /** Widths of image, degrees, in which its quads can lie. */
  fields: FieldRange;
  /** Which cells of the sky its files hold; absent where it holds all of it. */
  pieces?: { nside: number; present: number[]; of: number };
  bytes: number;
}

/** The star data of this machine. */
export interface Inventory {
  /** Packaged stars first, then smallest quads first. */
  sets: StarSet[];
  /** What is there and cannot be used. */
  damaged: { path: string; problem: string }[];
  /** In the order in which a file to install is offered to them. */
  folders: IndexFolder[];
  /** Widths of image, degrees, that all sets together cover. */
  covered: Coverage;
}

const WIDEST_DEG = 180;
const round = (value: number) => Number(value.toPrecision(3));

/** Ranges of widths as they are told: no image is wider than 180°. */
const told = (ranges: Coverage): FieldRange[] =>
  ranges.map(({ low_deg, high_deg }) => ({
    low_deg: round(low_deg),
    high_deg: round(Math.min(high_deg, WIDEST_DEG)),
  }));

/**
 * All stars that can be solved with here: the packaged ones, and the index files of solve-field's configuration (which is read
 * where solve-field is missing, too) and of further folders.
 * @param dirs instead of those of ASTRO_INDEX_DIRS
 */
export async function takeInventory(dirs?: readonly string[]): Promise<Inventory> {
  const { folders, paths } = await lookAround(dirs);
  const damaged: Inventory['damaged'] = [];
  const sets: StarSet[] = [];

  const packaged = await inspectPackagedStars();
  if (packaged.problem === undefined) sets.push(packagedSet(packaged));
  else damaged.push({ path: packaged.path, problem: packaged.problem });

  const found: InstalledIndex[] = [];
  for (const path of paths) {
    const checked = await checkIndexFile(path);
    if (checked.problem === undefined) found.push(checked.index);
    // Other FITS files may lie beside index files.
    else if (basename(path).startsWith('index')) damaged.push({ path, problem: checked.problem });
  }
  sets.push(...setsOf(found));

  return {
    sets,
    damaged,
    folders,
    covered: told(coverageOf(sets)),
  };
}

function packagedSet({ path, bytes, lower_arcmin, upper_arcmin }: PackagedFacts): StarSet {
  const quads = { lower_arcmin: round(lower_arcmin), upper_arcmin: round(upper_arcmin) };
  const folder = dirname(path);
  const files = [basename(path)];
  return {
    kind: 'packaged',
    name: 'packaged stars',
    folder,
    files,
    ...quads,
    fields: fieldsOf(quads),
    bytes,
  };
}

type PackagedFacts = Pick<StarSet, 'bytes' | 'lower_arcmin' | 'upper_arcmin'> & { path: string };

function fieldsOf(quads: Pick<StarSet, 'lower_arcmin' | 'upper_arcmin'>): FieldRange {
  const [fields] = told(coverageOf([quads]));
  // One range in, one range out.
  return fields as FieldRange;
}

/** Files of one INDEXID in one folder belong together. */
function setsOf(indexes: readonly InstalledIndex[]): StarSet[] {
  const groups = new Map<string, InstalledIndex[]>();
  for (const index of indexes) {
    const key = `${index.id}:${index.id === 0 ? index.path : dirname(index.path)}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first ? [setOf(first, group)] : [];
    })
    .sort((a, b) => a.lower_arcmin - b.lower_arcmin || (a.folder < b.folder ? -1 : 1));
}

function setOf(first: InstalledIndex, group: readonly InstalledIndex[]): StarSet {
  const quads = {
    lower_arcmin: round(Math.min(...group.map((index) => index.lower_arcmin))),
    upper_arcmin: round(Math.max(...group.map((index) => index.upper_arcmin))),
  };
  const cells = group.flatMap(({ cell }) => cell ?? []);
  const nside = Math.max(0, ...cells.map((cell) => cell.nside));
  const whole = cells.length < group.length;
  return {
    kind: 'index-files',
    name: first.id === 0 ? basename(first.path, '.fits') : `index-${first.id}`,
    folder: dirname(first.path),
    files: group.map(({ path }) => basename(path)).sort(),
    number: first.id,
    ...quads,
    fields: fieldsOf(quads),
    ...(!whole && {
      pieces: {
        nside,
        present: [...new Set(cells.map((cell) => cell.healpix))].sort((a, b) => a - b),
        of: 12 * nside ** 2,
      },
    }),
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
