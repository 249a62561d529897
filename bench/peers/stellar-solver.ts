import { dirname } from 'node:path';
import { findIndexes } from '../../src/solver/indexes/installed.js';
import { Resident } from '../shared/resident.js';
import type { Answer, MissingPeer, Peer, Question } from './peer.js';
import { buildStellarSolver } from './stellar-solver/build.js';

const NAME = 'StellarSolver';

/** Those of its profiles that are meant for solving: default, one thread, parallel for large scales, parallel for small scales. */
const PROFILES = [0, 1, 2, 3];

/** What the resident program prints at its start, and for each question; see `main.cpp`. */
interface Greeting {
  version: string;
}
interface Solution {
  solved?: boolean;
  cpu_s?: number;
  ra?: number;
  dec?: number;
  scale?: number;
}

/**
 * StellarSolver in a warm process, with the index files of solve-field's configuration. Each photograph is solved with the profile
 * that was fastest for it in the warm-up, which no user could know beforehand.
 */
export async function stellarSolver(folder: string): Promise<Peer | MissingPeer> {
  const folders = [...new Set((await findIndexes({})).map(({ path }) => dirname(path)))];
  if (folders.length === 0) return { name: NAME, missing: 'apt-get install astrometry-data-tycho2' };
  const built = await buildStellarSolver(folder);
  if ('missing' in built) return { name: NAME, ...built };
  const resident = new Resident([built.path]);
  // The program prints this line before all else, or has not started.
  const greeting = (await resident.start()) as Greeting | undefined;
  if (!greeting) return { name: NAME, missing: 'its program ended at once' };

  const ask = async ({ path, timeout, bounds }: Question, profile: number): Promise<Answer> => {
    const started = performance.now();
    // It looks only now and then whether it shall stop.
    const solution = (await resident.ask({ path, folders, profile, timeout, ...bounds }, timeout + 15)) as
      | Solution
      | undefined;
    const wall_s = (performance.now() - started) / 1000;
    const { cpu_s = wall_s, solved, ra, dec, scale } = solution ?? {};
    if (!solved || ra === undefined || dec === undefined || scale === undefined) return { wall_s, cpu_s };
    return { wall_s, cpu_s, field: { ra, dec, scale } };
  };

  let fastest = PROFILES[0] ?? 0;
  return {
    name: NAME,
    about: `StellarSolver ${greeting.version} in a warm process, the fastest of its solving profiles for each photograph`,
    async warmUp(question) {
      let best: Answer | undefined;
      for (const profile of PROFILES) {
        const answer = await ask({ ...question, timeout: best?.wall_s ?? question.timeout }, profile);
        if (!answer.field || (best && answer.wall_s >= best.wall_s)) continue;
        best = answer;
        fastest = profile;
      }
      return best ?? { wall_s: question.timeout, cpu_s: question.timeout };
    },
    run: (question) => ask(question, fastest),
    close: () => resident.close(),
  };
}
