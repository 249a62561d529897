import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FitsHeader } from '../fits/header.js';
import { parseHeader } from '../fits/header.js';
import type { Attempt, IndexShare } from './attempts.js';
import type { SkyCircle } from './bounds.js';
import { type HealpixCell, mayOverlap } from './healpix.js';
import type { IndexFile } from './solver.js';

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

export interface IndexPlaces {
  /** solve-field itself: its configuration is looked for in `../etc` beside it. */
  program?: string;
  /** More folders with index files; `ASTRO_INDEX_DIRS`. */
  folders?: readonly string[];
  /** Configuration files to read instead of the installed one. */
  configs?: readonly string[];
}

/** The folders of `ASTRO_INDEX_DIRS`, separated by colons. */
export function indexFoldersFromEnv(env: NodeJS.ProcessEnv = process.env): string[] {
  return (env.ASTRO_INDEX_DIRS ?? '').split(':').filter((folder) => folder !== '');
}

/** Every index file that the installed configuration and the given folders name, smallest quads first; damaged ones are left out. */
export async function findIndexes(places: IndexPlaces): Promise<InstalledIndex[]> {
  const configs = places.configs ?? (await installedConfigs(places.program));
  const paths = new Set<string>();
  for (const config of configs) {
    for (const path of await pathsOfConfig(config)) paths.add(path);
  }
  for (const folder of places.folders ?? []) {
    for (const path of await fitsFilesIn(resolve(folder))) paths.add(path);
  }
  const found = await Promise.all([...paths].map(readIndex));
  return found
    .filter((index) => index !== undefined)
    .sort((a, b) => a.lower_arcmin - b.lower_arcmin || (a.path < b.path ? -1 : 1));
}

/** The first configuration that exists, in the order in which solve-field looks for it. */
async function installedConfigs(program: string | undefined): Promise<string[]> {
  const candidates: string[] = [];
  if (program !== undefined) {
    const real = await realpath(program).catch(() => program);
    for (const path of new Set([program, real]))
      candidates.push(join(dirname(path), '..', 'etc', 'astrometry.cfg'));
  }
  candidates.push('/etc/astrometry.cfg', '/usr/local/astrometry/etc/astrometry.cfg');
  for (const path of candidates) {
    if ((await stat(path).catch(() => undefined))?.isFile()) return [path];
  }
  return [];
}

async function pathsOfConfig(config: string): Promise<string[]> {
  const text = await readFile(config, 'utf8').catch(() => '');
  const folders: string[] = [];
  const named: string[] = [];
  let auto = false;
  for (const raw of text.split('\n')) {
    const [word, ...rest] = raw.trim().split(/\s+/);
    const value = rest.join(' ');
    if (word === 'add_path') folders.push(resolve(dirname(config), value));
    else if (word === 'index') named.push(value);
    else if (word === 'autoindex') auto = true;
  }
  const paths: string[] = [];
  for (const name of named) {
    const file = name.endsWith('.fits') ? name : `${name}.fits`;
    const places = isAbsolute(file) ? [file] : folders.map((folder) => join(folder, file));
    for (const path of places) {
      if (await stat(path).catch(() => undefined)) {
        paths.push(path);
        break;
      }
    }
  }
  if (auto) for (const folder of folders) paths.push(...(await fitsFilesIn(folder)));
  return paths;
}

async function fitsFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => /\.fits?$/i.test(name) && !/[\r\n]/.test(name))
    .map((name) => join(folder, name));
}

/** Headers of index files, which never change; by path, size and time. */
const known = new Map<string, InstalledIndex | undefined>();

async function readIndex(path: string): Promise<InstalledIndex | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  const key = `${info.mtimeMs}:${info.size}:${path}`;
  if (!known.has(key))
    known.set(key, describe(path, info.size, await primaryHeader(path).catch(() => undefined)));
  return known.get(key);
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

/** Bounds of the pixel scale, arcseconds per pixel of the original image. */
export interface ScaleBounds {
  low: number;
  high: number;
}

/**
 * The part of an image's extent that quads are made of: from a tenth of its shorter side to its diagonal,
 * the defaults of solve-field.
 */
export const QUAD_SIZE_MIN = 0.1;
/** The sizes of quads, in widths of the field, that find it soonest. */
const LIKELY_SIZES = [0.25, 0.8] as const;

/** Index files whose quads can lie in an image of that size at any scale within the bounds. */
export function indexesForScale<T extends IndexFile>(
  indexes: readonly T[],
  bounds: ScaleBounds,
  image: { width: number; height: number },
): T[] {
  const smallest = (QUAD_SIZE_MIN * Math.min(image.width, image.height) * bounds.low) / 60;
  const largest = (Math.hypot(image.width, image.height) * bounds.high) / 60;
  return indexes.filter((index) => index.upper_arcmin >= smallest && index.lower_arcmin <= largest);
}

/** Arcminutes of a quad from which an index counts as … */
const SHARES: readonly [IndexShare, number][] = [
  ['wide', 600],
  ['medium', 150],
  ['between', 80],
  ['narrow', 0],
];

/** Index files that hold some of a circle of the sky. */
export function indexesNear<T extends { cell?: HealpixCell }>(indexes: readonly T[], circle: SkyCircle): T[] {
  return indexes.filter(({ cell }) => cell === undefined || mayOverlap(cell, circle));
}

/** The index files that an attempt searches. */
export function indexesOf<T extends IndexFile & { cell?: HealpixCell }>(
  { scale, position, indexes: share }: Pick<Attempt, 'scale' | 'position' | 'indexes'>,
  installed: readonly T[],
  image: { width: number; height: number },
): T[] {
  const field_deg = (scale.high * Math.hypot(image.width, image.height)) / 2 / 3600;
  const near = position && { ...position, radius_deg: position.radius_deg + field_deg };
  const fitting = indexesForScale(near ? indexesNear(installed, near) : installed, scale, image);
  if (share === 'all') return fitting;
  if (share !== 'likely')
    return fitting.filter(
      ({ lower_arcmin: size }) => SHARES.find(([, least]) => size >= least)?.[0] === share,
    );
  const [least, most] = [scale.low * LIKELY_SIZES[0], scale.high * LIKELY_SIZES[1]].map(
    (arcsec) => (arcsec * image.width) / 60,
  );
  const likely = fitting.filter((index) => index.upper_arcmin >= least! && index.lower_arcmin <= most!);
  return likely.length > 0 ? likely : fitting;
}
