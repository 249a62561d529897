import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Written for StellarSolver 2.4 with Qt 5, as in Debian 12. */
const LIBRARIES = ['stellarsolver', 'Qt5Core', 'Qt5Gui', 'Qt5Concurrent', 'cfitsio'];
const PACKAGES = 'apt-get install g++ pkg-config libstellarsolver-dev';

/**
 * Compiles the resident program into `folder`.
 * @returns its path; or, where that does not work, why and what to install
 */
export async function buildStellarSolver(folder: string): Promise<{ path: string } | { missing: string }> {
  const path = join(folder, 'stellar-solver');
  const source = fileURLToPath(new URL('main.cpp', import.meta.url));
  try {
    const { stdout } = await run('pkg-config', ['--cflags', '--libs', ...LIBRARIES]);
    const flags = stdout.trim().split(/\s+/);
    await run('g++', ['-std=c++17', '-O2', '-fPIC', source, '-o', path, ...flags]);
    return { path };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { missing: `${PACKAGES} (${reason.trim().split('\n').slice(0, 3).join('; ')})` };
  }
}
