import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SolveParams } from '../job/params.js';
import type { Attempt } from './attempts.js';
import { engineConfig } from './engine-config.js';
import type { InstalledIndex } from './indexes.js';
import { runProcess } from './process.js';
import { readSolution, type Solution } from './solution.js';

/** What every run of one solve has in common. */
export interface EngineSetting {
  /** Path of solve-field. */
  program: string;
  indexes: readonly InstalledIndex[];
  /** Size of the original image, pixels. */
  width: number;
  height: number;
  params: SolveParams;
  /** Folder under which every run gets its own. */
  scratch: string;
  log(text: string): void;
}

/** What solve-field is given to look at: the bytes of a source list, or of a FITS image. */
export type EngineInput = { kind: 'list'; bytes: Uint8Array } | { kind: 'image'; bytes: Uint8Array };

export type EngineOutcome =
  | { kind: 'solved'; solution: Solution; folder: string; command: string[] }
  | { kind: 'no_solution' }
  | { kind: 'crashed'; message: string };

/**
 * One run of solve-field in a folder of its own. Rejects with `signal.reason` when it was ended, and with `CannotStart`
 * when there is no such program; whatever it does besides is an outcome.
 */
export async function runEngine(
  attempt: Attempt,
  input: EngineInput,
  setting: EngineSetting,
  signal: AbortSignal,
): Promise<EngineOutcome> {
  const folder = join(setting.scratch, attempt.name);
  await mkdir(folder, { recursive: true });
  const inputName = input.kind === 'list' ? 'stars.xyls' : 'image.fits';
  const cpuLimitSeconds = Math.max(1, Math.ceil(attempt.seconds));
  await Promise.all([
    writeFile(join(folder, inputName), input.bytes),
    writeFile(
      join(folder, 'engine.cfg'),
      engineConfig({
        indexes: setting.indexes,
        inParallel: true,
        cpuLimitSeconds,
        minWidthDeg: 0.1,
        maxWidthDeg: 180,
      }),
    ),
  ]);
  const args = [...solveFieldArgs(attempt, setting, cpuLimitSeconds), inputName];
  const errors: string[] = [];
  const end = await runProcess({
    program: setting.program,
    args,
    cwd: folder,
    signal,
    onLine: (line, from) => {
      setting.log(`[${attempt.name}] ${line}\n`);
      if (from === 'stderr' && errors.length < 3 && line.trim() !== '') errors.push(line.trim());
    },
  });
  if (await exists(join(folder, 'solution.solved'))) {
    const command = [setting.program, ...args];
    return { kind: 'solved', solution: await readSolution(folder, setting.indexes), folder, command };
  }
  if (end.exitCode === 0) return { kind: 'no_solution' };
  const how = end.signal ? `was ended by ${end.signal}` : `exited with ${end.exitCode}`;
  return { kind: 'crashed', message: `solve-field ${how}${errors.length ? `: ${errors.join(' | ')}` : ''}` };
}

function solveFieldArgs(attempt: Attempt, setting: EngineSetting, cpuLimitSeconds: number): string[] {
  const { scale, position, parity, input } = attempt;
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
  if (input.kind === 'image')
    args.push('--fits-image', '--no-verify', '--downsample', String(input.downsample), ...input.args);
  else {
    args.push('--width', String(setting.width), '--height', String(setting.height));
    args.push('--x-column', 'X', '--y-column', 'Y', '--no-remove-lines', '--uniformize', '0');
  }
  if (setting.params.tweak_order === 0) args.push('--no-tweak');
  else args.push('--tweak-order', String(setting.params.tweak_order));
  if (scale) {
    args.push(
      '--scale-units',
      'arcsecperpix',
      '--scale-low',
      decimal(scale.low),
      '--scale-high',
      decimal(scale.high),
    );
  }
  if (position) {
    args.push(
      '--ra',
      decimal(position.ra_deg),
      '--dec',
      decimal(position.dec_deg),
      '--radius',
      decimal(position.radius_deg),
    );
  }
  if (parity) args.push('--parity', parity === 1 ? 'neg' : 'pos');
  return args;
}

/** Without an exponent, which the programs' own parser does not know everywhere. */
function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
