import { readFile, stat } from 'node:fs/promises';
import { decodeStars } from '../../engine/star-file.js';
import { BuiltinSolver } from '../../solver/builtin/builtin-solver.js';
import type { Solver } from '../../solver/solver.js';

/** The stars of the package's own engine. */
export interface PackagedStars {
  path: string;
  bytes: number;
  /** How many stars; 0 where they cannot be read. */
  stars: number;
  /** Sizes of the quads that the engine makes of them. */
  lower_arcmin: number;
  upper_arcmin: number;
  /** Why they cannot be used. */
  problem?: string;
}

const REINSTALL = 'install the package again';

/**
 * Looks at the stars of the package, all of them: a damaged file has a `problem`.
 * @param solver that which says where they are
 */
export async function inspectPackagedStars(
  solver: Pick<Solver, 'inspect'> = new BuiltinSolver(),
): Promise<PackagedStars> {
  const { indexes, path = '', problem } = await solver.inspect();
  const quads = indexes?.[0];
  const facts = {
    path,
    bytes: 0,
    stars: 0,
    lower_arcmin: quads?.lower_arcmin ?? 0,
    upper_arcmin: quads?.upper_arcmin ?? 0,
  };
  if (problem !== undefined) return { ...facts, problem };
  try {
    const { size: bytes } = await stat(path);
    try {
      const { magnitudes } = decodeStars(await readFile(path));
      return { ...facts, bytes, stars: magnitudes.length };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ...facts, bytes, problem: `The stars of the package are damaged (${why}); ${REINSTALL}` };
    }
  } catch {
    return { ...facts, problem: `The stars of the package cannot be read; ${REINSTALL}` };
  }
}
