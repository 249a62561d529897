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

const PYTHONS = ['/usr/bin/python3', 'python3'];
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome'];

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

/**
 * A Python that has a module, or undefined. Debian's modules belong to Debian's Python, which need not be the first on the PATH.
 * @param {string} module
 */
export function pythonWith(module) {
  const program = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`;
  return PYTHONS.find((python) => succeeds(python, '-c', program));
}

/** The Chromium of this machine, or undefined. */
export function findChromium() {
  return CHROMIUMS.map(which).find(Boolean);
}

/** Whether a file system of its own can be mounted, as tests of a full disk need. */
function mounts() {
  return succeeds('unshare', '-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt');
}

/** What tests need of the machine beside npm's packages, by the names that they ask for it with (`test/needs.ts`). */
export const NEEDS = {
  'solve-field': {
    what: 'solve-field, the plate solver',
    package: 'astrometry.net',
    elsewhere:
      'macOS: brew install astrometry-net · Fedora: dnf install astrometry · source: https://astrometry.net',
    present: () => which('solve-field') !== undefined,
  },
  'index files': {
    what: 'star index files (Tycho-2, fields wider than about half a degree, 300 MB)',
    package: 'astrometry-data-tycho2',
    elsewhere:
      'Fedora: dnf install astrometry-tycho2 · others: index-4107.fits to index-4119.fits from ' +
      'http://data.astrometry.net/4100/ into a folder that ASTRO_INDEX_DIRS names',
    present: hasIndexFiles,
  },
  'plot-constellations': {
    what: 'plot-constellations, which names the objects of a field as well',
    package: 'astrometry.net',
    elsewhere: 'part of astrometry.net, as solve-field is',
    present: () => which('plot-constellations') !== undefined,
  },
  prometheus: {
    what: "Prometheus' own parser, which reads the metrics",
    package: 'python3-prometheus-client',
    elsewhere: 'pip install prometheus-client',
    present: () => pythonWith('prometheus_client') !== undefined,
  },
  astropy: {
    what: 'astropy, which judges the geometry',
    package: 'python3-astropy',
    elsewhere: 'pip install astropy',
    present: () => pythonWith('astropy') !== undefined,
  },
  astroquery: {
    what: 'astroquery, a client of the nova API',
    package: 'python3-astroquery',
    elsewhere: 'pip install astroquery',
    present: () => pythonWith('astroquery') !== undefined,
  },
  regions: {
    what: 'regions of astropy, which reads the DS9 regions',
    package: 'python3-regions',
    elsewhere: 'pip install regions',
    present: () => pythonWith('regions') !== undefined,
  },
  pyavm: {
    what: 'PyAVM, which reads the tags of pictures',
    package: 'python3-pyavm',
    elsewhere: 'pip install pyavm',
    present: () => pythonWith('pyavm') !== undefined,
  },
  fastkml: {
    what: 'fastkml, which reads the KML',
    package: 'python3-fastkml',
    elsewhere: 'pip install fastkml',
    present: () => pythonWith('fastkml') !== undefined,
  },
  exiftool: {
    what: 'ExifTool, which validates the metadata of pictures',
    package: 'libimage-exiftool-perl',
    elsewhere: 'macOS: brew install exiftool',
    present: () => which('exiftool') !== undefined,
  },
  ephem: {
    what: 'PyEphem, which judges places of Sun, Moon, planets, asteroids and comets',
    package: 'python3-ephem',
    elsewhere: 'pip install ephem',
    present: () => pythonWith('ephem') !== undefined,
  },
  sgp4: {
    what: 'python-sgp4, which judges places of satellites',
    package: 'python3-sgp4',
    elsewhere: 'pip install sgp4',
    present: () => pythonWith('sgp4') !== undefined,
  },
  postgres: {
    what: 'PostgreSQL',
    package: 'postgresql',
    elsewhere: 'macOS: brew install postgresql',
    present: hasPostgres,
  },
  redis: {
    what: 'Redis or Valkey',
    package: 'redis-server',
    elsewhere: 'macOS: brew install redis',
    present: () => ['redis-server', 'valkey-server'].some(which),
  },
  ps: {
    what: 'ps, which counts the processes that are left',
    package: 'procps',
    elsewhere: 'part of every larger system',
    present: () => which('ps') !== undefined,
  },
  chromium: {
    what: 'Chromium, which looks at the page',
    package: 'chromium',
    elsewhere: 'any Chromium or Chrome on the PATH',
    present: () => findChromium() !== undefined,
  },
  bash: {
    what: 'bash, whose completion is tried',
    package: 'bash',
    elsewhere: 'in the package managers of most systems',
    present: () => which('bash') !== undefined,
  },
  zsh: {
    what: 'zsh, whose completion is tried',
    package: 'zsh',
    elsewhere: 'in the package managers of most systems',
    present: () => which('zsh') !== undefined,
  },
  fish: {
    what: 'fish, whose completion is tried',
    package: 'fish',
    elsewhere: 'in the package managers of most systems',
    present: () => which('fish') !== undefined,
  },
  'systemd-analyze': {
    what: 'systemd-analyze, which checks the units',
    package: 'systemd',
    elsewhere: 'part of systemd',
    present: () => which('systemd-analyze') !== undefined,
  },
  'small disk': {
    what: 'a disk that can be filled, which is mounted',
    elsewhere: 'run the tests as root; in a container, with the capability SYS_ADMIN',
    present: mounts,
  },
};

/** The solver that the package's own engine is measured against, and that joins it. No test of solving passes without it. */
export const SOLVER = [NEEDS['solve-field'], NEEDS['index files']];

/** What the tests check against, as far as it can be installed. */
export const TEST_TOOLS = Object.values(NEEDS).filter((need) => need.package && !SOLVER.includes(need));
