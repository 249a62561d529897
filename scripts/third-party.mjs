/*
 * After bundling: the licences of the packages that dist/ carries inside its programs, and source maps that name the sources, which the
 * tarball holds in src/, in the place of a second copy of them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** The file in dist/ that holds the licences. */
export const THIRD_PARTY_FILE = 'THIRD-PARTY-LICENSES.txt';

const LICENCE = /^(licen[cs]e|copying)(\.\w+)?$/i;
const IN_PACKAGE = new RegExp(`^(.*node_modules\\${sep}(@[^\\${sep}]+\\${sep})?[^\\${sep}]+)\\${sep}`);

const mapsIn = (dist) =>
  readdirSync(dist, { recursive: true })
    .filter((name) => name.endsWith('.map'))
    .map((name) => join(dist, name));
const sourcesOf = (path, map) => map.sources.map((source) => resolve(dirname(path), source));

/** The folders of the packages whose code is in dist/, by name. */
export function bundledPackages(dist) {
  const folders = new Map();
  for (const path of mapsIn(dist))
    for (const source of sourcesOf(path, JSON.parse(readFileSync(path, 'utf8')))) {
      const folder = IN_PACKAGE.exec(source)?.[1];
      if (folder) folders.set(folder.slice(folder.lastIndexOf(`node_modules${sep}`) + 13), folder);
    }
  return [...folders].sort(([one], [other]) => one.localeCompare(other));
}

/** Paths of this package's own sources that the maps in dist/ name. */
export function ownSources(dist) {
  const sources = mapsIn(dist).flatMap((path) => sourcesOf(path, JSON.parse(readFileSync(path, 'utf8'))));
  return [...new Set(sources)].filter((path) => path.startsWith(resolve(dist, '..', 'src')));
}

function licenceOf(name, folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => LICENCE.test(entry));
  if (!file && !manifest.license) throw new Error(`${name} is bundled, and names no licence`);
  const author = manifest.author?.name ?? manifest.author ?? 'its authors';
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Copyright (c) ${author}`;
  return `${name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${text}\n`;
}

/** @param {string} dist what was bundled */
export function finishBundles(dist) {
  const licences = bundledPackages(dist).map(([name, folder]) => licenceOf(name, folder));
  const bar = `\n${'-'.repeat(80)}\n\n`;
  const head = 'The programs of this package carry code of the packages below, under their own licences.\n';
  writeFileSync(join(dist, THIRD_PARTY_FILE), [head, ...licences].join(bar));
  for (const path of mapsIn(dist)) {
    const { sourcesContent: _, ...map } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify(map));
  }
}
