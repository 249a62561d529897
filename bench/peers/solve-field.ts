import { execFile } from 'node:child_process';
import { findProgram } from '../../src/process/program.js';
import { runPlainSolveField } from '../shared/plain-solve-field.js';
import type { Answer, Bounds, MissingPeer, Peer, Question } from './peer.js';

const NAME = 'solve-field';

function optionsOf({ scale, position: [ra, dec, radius] }: Bounds): string[] {
  const [low, high] = scale;
  const values = { 'scale-units': 'arcsecperpix', 'scale-low': low, 'scale-high': high, ra, dec, radius };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** It says its version only among its help. */
const versionOf = (program: string) =>
  new Promise<string>((resolve) => {
    execFile(program, ['--help'], (_error, stdout, stderr) => {
      resolve(/Revision ([\w.]+)/.exec(stdout + stderr)?.[1] ?? 'of unknown version');
    });
  });

/** astrometry.net's program as people run it by hand. */
export async function plainSolveField(folder: string): Promise<Peer | MissingPeer> {
  const program = await findProgram(NAME);
  if (!program) return { name: NAME, missing: 'apt-get install astrometry.net astrometry-data-tycho2' };
  const run = async ({ path, bounds, timeout }: Question): Promise<Answer> => {
    const { field, wall_s, cpu_s } = await runPlainSolveField(path, bounds ? optionsOf(bounds) : [], {
      ...{ folder, timeout },
    });
    if (!field) return { wall_s, cpu_s };
    const { ra_center: ra, dec_center: dec, pixscale_arcsec: scale } = field;
    return { wall_s, cpu_s, field: { ra, dec, scale } };
  };
  return {
    name: NAME,
    about: `\`solve-field --no-plots --downsample 2\` ${await versionOf(program)}, a new process each time`,
    ...{ warmUp: run, run, close: async () => undefined },
  };
}
