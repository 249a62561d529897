import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FitsHeader } from '../../fits/header.js';
import { parseHeader } from '../../fits/header.js';
import { RecentMap } from '../../recent-map.js';
import type { IndexFile } from '../solver.js';
import type { HealpixCell } from './healpix.js';

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
  /** More folders with index files. */
  dirs?: readonly string[];
  /** Configuration files to read instead of the installed one. */
  configs?: readonly string[];
}

/** Every index file that the installed configuration and the given folders name, smallest quads first; damaged ones are left out. */
export async function findIndexes(places: IndexPlaces): Promise<InstalledIndex[]> {
  const configs = places.configs ?? (await installedConfigs(places.program));
  const paths = new Set<string>();
  for (const config of configs) {
    for (const path of await pathsOfConfig(config)) paths.add(path);
  }
  for (const folder of places.dirs ?? []) {
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

/** What the headers of index files say, by path, size and time; shared by all solvers of this process. */
const descriptions = new RecentMap<string, Promise<InstalledIndex | undefined>>(1024);

async function readIndex(path: string): Promise<InstalledIndex | undefined> {
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
