import { open, stat } from 'node:fs/promises';
import type { HealpixCell } from '../../engine/index-file/healpix.js';
import type { FitsHeader } from '../../fits/header.js';
import { parseHeader } from '../../fits/header.js';
import { RecentMap } from '../../recent-map.js';
import type { IndexFile } from '../solver.js';
import { type IndexPlaces, lookForIndexes } from './places.js';

/** One installed index file, and the part of the sky that it holds. */
export interface InstalledIndex extends IndexFile {
  /** The number by which `.match` names it. */
  id: number;
  bytes: number;
  /** How many stars it holds; absent when it does not say. */
  stars_per_deg2?: number;
  /** The part of the sky that it covers; absent when it holds all of it. */
  cell?: HealpixCell;
}

/** How long what was found counts as what is there, milliseconds: a solve takes less, and asks more than once. */
const FRESH_MS = 1000;

interface Found {
  at: number;
  indexes: Promise<InstalledIndex[]>;
}

/** What was found last, by where it was looked for. */
const lately = new RecentMap<string, Found>(16);

/**
 * Every index file that the installed configuration and the given folders name, smallest quads first; damaged ones are left out. As of
 * now or of the second before.
 */
export function findIndexes(places: IndexPlaces): Promise<readonly InstalledIndex[]> {
  const key = JSON.stringify(places);
  const known = lately.get(key);
  if (known && performance.now() - known.at < FRESH_MS) return known.indexes;
  const indexes = search(places);
  lately.set(key, { at: performance.now(), indexes });
  return indexes;
}

async function search(places: IndexPlaces): Promise<InstalledIndex[]> {
  const { paths } = await lookForIndexes(places);
  const found = await Promise.all(paths.map(readIndex));
  return found
    .filter((index) => index !== undefined)
    .sort((a, b) => a.lower_arcmin - b.lower_arcmin || (a.path < b.path ? -1 : 1));
}

/** What the headers of index files say, by path, size and time; shared by all solvers of this process. */
const descriptions = new RecentMap<string, Promise<InstalledIndex | undefined>>(1024);

/** What the header of an index file says; undefined for anything else. */
export async function readIndex(path: string): Promise<InstalledIndex | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  const key = `${info.mtimeMs}:${info.size}:${path}`;
  return descriptions.getOrMake(key, async () =>
    describe(path, info.size, await primaryHeader(path).catch(() => undefined)),
  );
}

/** Index files carry a long HISTORY; what is needed stands in front of it, or at the end of a few blocks. */
async function primaryHeader(path: string): Promise<FitsHeader> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(2880 * 16);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return parseHeader(bytes.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

const ARCMIN_PER_RADIAN = (180 * 60) / Math.PI;
/** The whole sky. */
const SKY_DEG2 = 4 * Math.PI * (180 / Math.PI) ** 2;

function describe(path: string, bytes: number, header: FitsHeader | undefined): InstalledIndex | undefined {
  const lower = header?.number('SCALE_L');
  const upper = header?.number('SCALE_U');
  if (header === undefined || lower === undefined || upper === undefined) return undefined;
  const healpix = header.number('HEALPIX') ?? -1;
  const nside = header.number('HPNSIDE') ?? 0;
  const cell = healpix >= 0 && nside > 0 ? { nside, healpix } : undefined;
  const stars = header.number('NSTARS');
  return {
    path,
    lower_arcmin: lower * ARCMIN_PER_RADIAN,
    upper_arcmin: upper * ARCMIN_PER_RADIAN,
    id: header.number('INDEXID') ?? 0,
    bytes,
    ...(stars !== undefined && {
      stars_per_deg2: (stars * (cell ? 12 * cell.nside ** 2 : 1)) / SKY_DEG2,
    }),
    ...(cell && { cell }),
  };
}
