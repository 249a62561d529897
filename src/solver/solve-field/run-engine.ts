import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceListFits } from '../../fits/write-table.js';
import { makeFolder } from '../../process/folders.js';
import { runProcess, wasKilled } from '../../process/run-process.js';
import type { StarList } from '../../stars/list.js';
import { wcsCards } from '../../wcs/cards.js';
import type { InstalledIndex } from '../indexes/installed.js';
import type { Attempt } from '../search/attempts.js';
import { WIDTH_LIMITS_DEG } from '../search/bounds.js';
import { engineConfig } from './engine-config.js';
import { readSolution, type Solution } from './solution.js';

/** What every run of one solve has in common. */
export interface EngineSetting {
  /** Path of solve-field. */
  program: string;
  /** Size of the original image, pixels. */
  width: number;
  height: number;
  /** Folder under which every run gets its own. */
  scratch: string;
  log(text: string): void;
}

export interface EngineRun {
  attempt: Attempt;
  stars: StarList;
  indexes: readonly InstalledIndex[];
  /** CPU seconds after which the engine shall give up by itself. */
  cpuLimitSeconds: number;
}

export type EngineOutcome =
  | { kind: 'solved'; solution: Solution; folder: string; command: string[] }
  | { kind: 'no_solution' }
  /** `killed`: from outside, so that it may be run once more. */
  | { kind: 'crashed'; message: string; killed: boolean };

/**
 * One run of solve-field on a list of stars, in a folder of its own. Rejects with `signal.reason` when it was ended, and
 * with `CannotStart` when there is no such program; whatever it does besides is an outcome.
 */
export async function runEngine(
  run: EngineRun,
  setting: EngineSetting,
  signal: AbortSignal,
): Promise<EngineOutcome> {
  const { attempt, stars, indexes } = run;
  const folder = await makeFolder(setting.scratch, attempt.name);
  const cpuLimitSeconds = Math.max(1, Math.ceil(run.cpuLimitSeconds));
  const [minWidthDeg, maxWidthDeg] = WIDTH_LIMITS_DEG;
  const config = engineConfig({ indexes, inParallel: true, cpuLimitSeconds, minWidthDeg, maxWidthDeg });
  await Promise.all([
    writeFile(join(folder, 'stars.xyls'), sourceListFits(stars, 'E')),
    writeFile(join(folder, 'engine.cfg'), config),
    ...(attempt.verify
      ? [
          writeFile(
            join(folder, 'verify.fits'),
            sourceListFits({ x: [], y: [] }, 'E', wcsCards(attempt.verify)),
          ),
        ]
      : []),
  ]);
  const args = solveFieldArgs(attempt, setting, cpuLimitSeconds);
  let complaint = '';
  const end = await runProcess({
    program: setting.program,
    args,
    cwd: folder,
    signal,
    killAfterMs: 0,
    onLine: (line, from) => {
      setting.log(`[${attempt.name}] ${line}\n`);
      if (from === 'stderr') complaint ||= line.trim();
    },
  });
  if (await exists(join(folder, 'solution.wcs'))) {
    const solution = await readSolution(folder, indexes);
    return { kind: 'solved', solution, folder, command: [setting.program, ...args] };
  }
  if (end.exitCode === 0) return { kind: 'no_solution' };
  const how = end.signal ? `was ended by ${end.signal}` : `ended with exit status ${end.exitCode}`;
  return {
    kind: 'crashed',
    killed: wasKilled(end),
    message: `solve-field ${how}${complaint && `: ${complaint}`}`,
  };
}

function solveFieldArgs(attempt: Attempt, setting: EngineSetting, cpuLimitSeconds: number): string[] {
  const { scale, position, parity } = attempt;
  const args = [
    '--config',
    'engine.cfg',
    '--no-plots',
    '--temp-dir',
    '.',
    '--cpulimit',
    String(cpuLimitSeconds),
  ];
  for (const output of ['axy', 'solved', 'wcs', 'corr', 'match'])
    args.push(`--${output}`, `solution.${output}`);
  args.push('--rdls', 'none', '--index-xyls', 'none', '--new-fits', 'none');
  args.push('--width', String(setting.width), '--height', String(setting.height));
  // The list has been cleaned and ordered; both clean-ups of solve-field start a Python.
  args.push('--no-remove-lines', '--uniformize', '0');
  // The pixel scale is that of the matrix, thus of the reference pixel, in a wide field; it shall be that of the centre.
  args.push('--crpix-center');
  // The solution is fitted to more stars, and sooner, than solve-field would; see `refine`.
  args.push('--no-tweak', '--code-tolerance', String(attempt.codeTolerance));
  args.push(
    '--scale-units',
    'arcsecperpix',
    '--scale-low',
    decimal(scale.low),
    '--scale-high',
    decimal(scale.high),
  );
  if (position) {
    const { ra_deg, dec_deg, radius_deg } = position;
    args.push('--ra', decimal(ra_deg), '--dec', decimal(dec_deg), '--radius', decimal(radius_deg));
  }
  // solve-field's words for parity are the opposite of the sign of det CD.
  if (parity) args.push('--parity', parity === 1 ? 'neg' : 'pos');
  // Two stars make no quad: nothing is searched once the solution has been verified.
  if (attempt.verify) args.push('--verify', 'verify.fits', '--depth', '1-2');
  return [...args, 'stars.xyls'];
}

/** Without an exponent, which the programs' own parsers do not know everywhere. */
function decimal(value: number): string {
  return value
    .toFixed(9)
    .replace(/(?<!0)0+$/, '')
    .replace(/\.$/, '');
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
