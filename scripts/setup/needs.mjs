import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { succeeds, which } from './shell.mjs';

/** Where distributions and a build from source put index files. */
const INDEX_FOLDERS = [
  '/usr/share/astrometry',
  '/usr/local/astrometry/data',
  '/opt/homebrew/opt/astrometry-net/data',
  '/usr/local/opt/astrometry-net/data',
];

function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hasIndexFiles() {
  const own = (process.env.ASTRO_INDEX_DIRS ?? '').split(':').filter(Boolean);
  return [...own, ...INDEX_FOLDERS].some((folder) =>
    entries(folder).some((name) => /^index-.*\.fits$/.test(name)),
  );
}

function hasPostgres() {
  if (which('initdb') && which('postgres')) return true;
  return entries('/usr/lib/postgresql').some((version) =>
    existsSync(join('/usr/lib/postgresql', version, 'bin/initdb')),
  );
}

/** Debian's modules belong to Debian's Python, which need not be the first on the PATH. */
function pythonFinds(module) {
  const program = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`;
  return ['python3', '/usr/bin/python3'].some((python) => succeeds(python, '-c', program));
}

/** The solver that the package's own engine is measured against, and that joins it. No test of solving passes without it. */
export const SOLVER = [
  {
    what: 'solve-field, the plate solver',
    package: 'astrometry.net',
    elsewhere:
      'macOS: brew install astrometry-net · Fedora: dnf install astrometry · source: https://astrometry.net',
    present: () => which('solve-field') !== undefined,
  },
  {
    what: 'star index files (Tycho-2, fields wider than about half a degree, 300 MB)',
    package: 'astrometry-data-tycho2',
    elsewhere:
      'Fedora: dnf install astrometry-tycho2 · others: index-4107.fits to index-4119.fits from ' +
      'http://data.astrometry.net/4100/ into a folder that ASTRO_INDEX_DIRS names',
    present: hasIndexFiles,
  },
];

/** What the tests check against. */
export const TEST_TOOLS = [
  {
    what: 'astropy, which judges the geometry',
    package: 'python3-astropy',
    elsewhere: 'pip install astropy',
    present: () => pythonFinds('astropy'),
  },
  {
    what: 'astroquery, a client of the nova API',
    package: 'python3-astroquery',
    elsewhere: 'pip install astroquery',
    present: () => pythonFinds('astroquery'),
  },
  {
    what: 'PostgreSQL',
    package: 'postgresql',
    elsewhere: 'macOS: brew install postgresql',
    present: hasPostgres,
  },
  {
    what: 'Redis',
    package: 'redis-server',
    elsewhere: 'macOS: brew install redis',
    present: () => ['redis-server', 'valkey-server'].some(which),
  },
  {
    what: 'ps, which counts the processes that are left',
    package: 'procps',
    elsewhere: 'part of every larger system',
    present: () => which('ps') !== undefined,
  },
  {
    what: 'Chromium, which looks at the page',
    package: 'chromium',
    elsewhere: 'any Chromium or Chrome on the PATH',
    present: () => ['chromium', 'chromium-browser', 'google-chrome'].some(which),
  },
];
