import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

/** A star as a catalogue has it: degrees J2000; magnitude in V. */
export interface Star {
  ra_deg: number;
  dec_deg: number;
  mag: number;
  /** Colour index B−V, where known. */
  bv?: number;
}

const INSTALL = 'on Debian: apt-get install astrometry.net astrometry-data-tycho2';

function programFolder(name: string): string | undefined {
  const folder = (process.env.PATH ?? '')
    .split(delimiter)
    .find((path) => path && existsSync(join(path, name)));
  return folder && dirname(realpathSync(join(folder, name)));
}

/** Folders in which the installed solver looks for index files, as its own configuration says. */
function indexFolders(): string[] {
  const program = programFolder('solve-field');
  const configurations = [
    ...(program ? [resolve(program, '../etc/astrometry.cfg')] : []),
    '/etc/astrometry.cfg',
    '/etc/astrometry/astrometry.cfg',
    '/usr/local/etc/astrometry.cfg',
    '/usr/local/astrometry/etc/astrometry.cfg',
    '/opt/homebrew/etc/astrometry.cfg',
  ].filter((path) => existsSync(path));
  const configured = configurations.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^\s*add_path\s+(.+?)\s*$/gm)].map((match) => match[1]!),
  );
  const usual = ['/usr/share/astrometry', '/usr/local/share/astrometry', '/usr/local/astrometry/data'];
  const asked = (process.env.ASTRO_INDEX_DIRS ?? '').split(delimiter).filter(Boolean);
  return [...new Set([...asked, ...configured, ...usual])].filter((path) => existsSync(path));
}

/** Wider circles than this hold hundreds of thousands of stars that a wide-field picture does not show. */
const WIDE_RADIUS_DEG = 12;
/** Index files from this number on hold about nine stars per square degree, or fewer; the finest holds 45. */
const FIRST_SPARSE_INDEX = '10';

/**
 * The installed Tycho-2 index that suits a circle of this radius: the finest, which holds the most stars, or for wide
 * fields the finest of the sparse ones.
 * @throws Error that says what to install when there is none.
 */
function tychoIndex(radius_deg: number): string {
  const folders = indexFolders();
  const found = folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .map((path) => ({ path, number: /index-tycho2-(\d\d)[^/]*\.fits$/.exec(path)?.[1] ?? '' }))
    .filter((index) => index.number !== '')
    .sort((a, b) => a.number.localeCompare(b.number));
  const sparse = found.find((index) => index.number >= FIRST_SPARSE_INDEX);
  const chosen = (radius_deg > WIDE_RADIUS_DEG && sparse) || found[0];
  if (chosen) return chosen.path;
  throw new Error(`No Tycho-2 index file in ${folders.join(', ') || 'the usual folders'}; ${INSTALL}`);
}

/**
 * Stars of the installed index within `radius_deg`, to its full precision.
 * @throws Error that says what to install when query-starkd or the index is missing.
 */
export function indexStars(ra_deg: number, dec_deg: number, radius_deg: number): Star[] {
  if (!programFolder('query-starkd')) throw new Error(`query-starkd is not installed; ${INSTALL}`);
  const folder = mkdtempSync(join(tmpdir(), 'sky-'));
  try {
    const table = join(folder, 'stars.fits');
    const circle = ['-r', String(ra_deg), '-d', String(dec_deg), '-R', String(Math.min(radius_deg, 180))];
    execFileSync('query-starkd', [...circle, '-T', '-o', table, tychoIndex(radius_deg)], {
      stdio: 'ignore',
      env: { ...process.env, LC_ALL: 'C' },
    });
    // An empty circle leaves no table.
    return existsSync(table) ? readStarTable(readFileSync(table)) : [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads what query-starkd writes: one table of MAG_VT (E), RA (D), DEC (D) behind an empty primary header. */
function readStarTable(file: Buffer): Star[] {
  const start = file.indexOf('XTENSION', 0, 'latin1');
  const card = (name: string): string => {
    for (let at = start; at + 80 <= file.length; at += 80) {
      const text = file.toString('latin1', at, at + 80);
      if (text.startsWith(`${name.padEnd(8)}=`))
        return text.slice(10).split('/')[0]!.replaceAll("'", '').trim();
      if (text.startsWith('END ')) break;
    }
    throw new Error(`query-starkd wrote a table without ${name}`);
  };
  const width = Number(card('NAXIS1'));
  const rows = Number(card('NAXIS2'));
  const columns = new Map<string, { offset: number; type: string }>();
  let offset = 0;
  for (let i = 1; i <= Number(card('TFIELDS')); i++) {
    const type = card(`TFORM${i}`).slice(-1);
    columns.set(card(`TTYPE${i}`), { offset, type });
    offset += type === 'D' ? 8 : 4;
  }
  let end = start;
  while (file.toString('latin1', end, end + 8) !== 'END     ') end += 80;
  const data = Math.ceil((end + 80) / 2880) * 2880;
  const reader = (name: string) => {
    const column = columns.get(name);
    if (!column) throw new Error(`query-starkd wrote a table without the column ${name}`);
    return (row: number) => {
      const at = data + row * width + column.offset;
      return column.type === 'D' ? file.readDoubleBE(at) : file.readFloatBE(at);
    };
  };
  const [ra, dec, mag] = [reader('RA'), reader('DEC'), reader('MAG_VT')];
  return Array.from({ length: rows }, (_, row) => ({ ra_deg: ra(row), dec_deg: dec(row), mag: mag(row) }));
}

interface StarFeature {
  properties: { mag: number; bv: string };
  geometry: { coordinates: [number, number] };
}

/** The 41,000 brightest stars (Hipparcos, from the package d3-celestial): a sky without any solver installed. */
export function brightStars(): Star[] {
  const file = createRequire(import.meta.url).resolve('d3-celestial/data/stars.8.json');
  const { features } = JSON.parse(readFileSync(file, 'utf8')) as { features: StarFeature[] };
  return features.map(({ properties, geometry: { coordinates } }) => {
    const bv = Number.parseFloat(properties.bv);
    const star = { ra_deg: (coordinates[0] + 360) % 360, dec_deg: coordinates[1], mag: properties.mag };
    return Number.isFinite(bv) ? { ...star, bv } : star;
  });
}
