import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Inspection } from '../../jobs/inspection.js';
import type { KeyFacts } from '../../keys/key.js';
import { fromEnvironment } from '../../settings.js';
import type { PackagedStars } from '../indexes/packaged-stars.js';
import { type Fields, fieldsOf } from './fields.js';

/** One thing that solving needs or likes. */
export interface Check {
  name: string;
  /** `missing`: nothing is solved without it. `note`: it may be wanted. */
  state: 'ok' | 'note' | 'missing';
  found: string;
  /** What to do about it. */
  advice?: string;
}

const GB = 1e9;
const ENOUGH_MEMORY = 1 * GB;
const ENOUGH_SPACE = 1 * GB;

const degrees = (value: number) => (value < 1 ? `${Number((value * 60).toPrecision(3))}′` : `${value}°`);
const range = ({ low_deg, high_deg }: { low_deg: number; high_deg: number }) =>
  `${degrees(low_deg)} to ${degrees(high_deg)}`;

export function checkNode(): Check {
  return { name: 'node', state: 'ok', found: `Node ${process.versions.node}` };
}

export function checkSolver({ engine, solver, extractor }: Inspection): Check {
  if (solver.available) {
    const found = [solver.name, solver.version, solver.path && `(${solver.path})`].filter(Boolean).join(' ');
    return { name: 'solver', state: 'ok', found };
  }
  return {
    name: 'solver',
    state: engine.available || extractor.available ? 'note' : 'missing',
    found: solver.problem ?? `${solver.name} is not installed`,
    advice: 'Debian, Ubuntu: apt-get install astrometry.net · macOS: brew install astrometry-net',
  };
}

/** The stars of the package's own engine; other solvers do without them. */
export function checkPackagedStars(
  stars: PackagedStars,
  { solver, extractor }: Pick<Inspection, 'solver' | 'extractor'>,
): Check {
  const name = 'packaged stars';
  const { problem, stars: count, lower_arcmin, upper_arcmin } = stars;
  if (problem !== undefined)
    return {
      name,
      state: solver.available || extractor.available ? 'note' : 'missing',
      found: problem,
      advice: 'install the package again: npm install astro-jobs',
    };
  const fields = fieldsOf([{ path: stars.path, lower_arcmin, upper_arcmin }])
    .covered.map(range)
    .join(' and ');
  return { name, state: 'ok', found: `${count.toLocaleString('en')}, for images ${fields} wide` };
}

export function checkIndexes({ engine, solver, extractor }: Inspection, fields: Fields): Check {
  const name = 'index files';
  const count = solver.indexes?.length ?? 0;
  if (count === 0) {
    return {
      name,
      state: engine.available || (extractor.available && !solver.available) ? 'note' : 'missing',
      found: 'none, so solve-field finds no field',
      advice:
        'Debian, Ubuntu: astro-jobs indexes install tycho2 · others: astro-jobs indexes recommend IMAGE says which files ' +
        'an image needs, and how to install them',
    };
  }
  return { name, state: 'ok', found: `${count}, for images ${fields.covered.map(range).join(' and ')} wide` };
}

export function checkGaps({ gaps }: Fields, { solver }: Inspection): Check[] {
  if (!solver.indexes?.length) return [];
  return gaps.map((gap) => ({
    name: 'fields not covered',
    state: 'note',
    found: `images ${range(gap)} wide`,
    advice:
      `if yours are: ${gap.index_files.join(', ')}; astro-jobs indexes recommend IMAGE says which of them an image ` +
      'needs, and how to install them',
  }));
}

export function checkStore({ store }: Inspection): Check {
  const name = store.dir === undefined ? 'jobs store' : 'jobs directory';
  const { schema_version } = store;
  const version = schema_version === undefined ? '' : `, schema version ${schema_version}`;
  const found = store.dir ?? `reachable${version}`;
  if (store.usable) return { name, state: 'ok', found };
  const advice =
    store.dir === undefined
      ? 'see that the database runs and lets this user in, and that ASTRO_JOBS_STORE_URL names it'
      : 'make it writable for this user, or name another: --jobs-dir DIR, or JOBS_DIR';
  return { name, state: 'missing', found: store.problem ?? found, advice };
}

/** Keys of callers; undefined where there is no place for them, or they cannot be read. */
export function checkKeys(keys: readonly KeyFacts[] | undefined): Check {
  const name = 'keys';
  if (!keys) return { name, state: 'note', found: 'cannot be read' };
  const count = (state: KeyFacts['state']) => keys.filter((key) => key.state === state).length;
  if (keys.length === 0)
    return {
      name,
      state: 'ok',
      found: fromEnvironment('token')
        ? 'none beside ASTRO_JOBS_TOKEN'
        : 'none, so `serve` is for this machine only',
    };
  const [valid, expired, revoked] = [count('valid'), count('expired'), count('revoked')];
  const found = `${valid} valid, ${expired} expired, ${revoked} revoked`;
  if (valid > 0 || fromEnvironment('token')) return { name, state: 'ok', found };
  return {
    name,
    state: 'note',
    found: `${found}: \`serve\` lets no caller in`,
    advice: 'make a new one: astro-jobs keys add',
  };
}

/** A queue that needs nothing of its own is in order wherever the store is. */
export function checkQueue({ queue }: Inspection): Check {
  const name = 'queue';
  if (queue.usable) return { name, state: 'ok', found: queue.name };
  return {
    name,
    state: 'missing',
    found: queue.problem ?? queue.name,
    advice: 'see that its database runs and lets this user in, and that ASTRO_JOBS_QUEUE_URL names it',
  };
}

export function checkExtractor({ extractor, solver }: Inspection): Check {
  const name = 'external extractor';
  const found = extractor.path ?? extractor.name;
  if (extractor.available && fromEnvironment('extractorBin') === undefined)
    return {
      name,
      state: 'note',
      found: `${found} would be run, because it lies in the current folder`,
      advice: 'if it is yours, name it in ASTRO_EXTRACT_BIN; if not, leave this folder',
    };
  if (extractor.available) return { name, state: 'ok', found };
  return solver.available
    ? { name, state: 'ok', found: 'none, and none is needed while solve-field is here' }
    : {
        name,
        state: 'note',
        found: extractor.problem ?? 'none',
        advice: 'only needed in the place of solve-field',
      };
}

const SCRATCH = 'scratch folder';
const SCRATCH_ADVICE = 'point TMPDIR to a folder with free space; solves work there';

export async function checkScratch(): Promise<Check> {
  const [name, dir, advice] = [SCRATCH, tmpdir(), SCRATCH_ADVICE];
  try {
    await access(dir, constants.W_OK);
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    const found = `${dir}, ${(free / GB).toFixed(1)} GB free`;
    return free < ENOUGH_SPACE ? { name, state: 'note', found, advice } : { name, state: 'ok', found };
  } catch {
    return { name, state: 'missing', found: `${dir} cannot be written to`, advice };
  }
}

/** Of one that does not answer, as on a file server that is gone. */
export const silentScratch = (): Check => ({
  name: SCRATCH,
  state: 'missing',
  found: `${tmpdir()} does not answer`,
  advice: SCRATCH_ADVICE,
});

export function checkMemory(): Check {
  const free = process.availableMemory();
  const found = `${(free / GB).toFixed(1)} GB free`;
  if (free >= ENOUGH_MEMORY) return { name: 'memory', state: 'ok', found };
  return {
    name: 'memory',
    state: 'note',
    found,
    advice: 'run fewer jobs side by side: ASTRO_JOBS_CONCURRENCY=1',
  };
}
