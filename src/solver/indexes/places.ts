import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';

export interface IndexPlaces {
  /** solve-field itself: its configuration is looked for in `../etc` beside it. */
  program?: string;
  /** More folders with index files. */
  dirs?: readonly string[];
  /** Configuration files to read instead of the installed one. */
  configs?: readonly string[];
}

/** Where index files are looked for, and what lies there. */
export interface IndexLocations {
  /** Folders, whether they exist or not: first those of the configuration. */
  folders: string[];
  /** FITS files that may be index files, each once. */
  paths: string[];
}

/** The folders that the installed configuration and the caller name, and the FITS files that are to be read in them. */
export async function lookForIndexes(places: IndexPlaces): Promise<IndexLocations> {
  const configs = places.configs ?? (await installedConfigs(places.program));
  const folders = new Set<string>();
  const paths = new Set<string>();
  for (const config of configs) {
    const named = await readConfig(config);
    for (const folder of named.folders) folders.add(folder);
    for (const path of named.paths) paths.add(path);
  }
  for (const dir of places.dirs ?? []) {
    const folder = resolve(dir);
    folders.add(folder);
    for (const path of await fitsFilesIn(folder)) paths.add(path);
  }
  return { folders: [...folders], paths: [...paths] };
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

async function readConfig(config: string): Promise<IndexLocations> {
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
  return { folders, paths };
}

async function fitsFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => /\.fits?$/i.test(name) && !/[\r\n]/.test(name))
    .map((name) => join(folder, name));
}
