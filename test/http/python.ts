import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Debian's own Python first: its packages are not seen by others. */
const CANDIDATES = ['/usr/bin/python3', 'python3'];

/**
 * A Python that has a module. Without one the test is left out, which is said loudly; continuous integration leaves nothing out.
 */
export function pythonWith(module: string, debianPackage: string): string | undefined {
  const found = CANDIDATES.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0);
  if (found) return found;
  const line = `not tested with ${module}: apt-get install ${debianPackage}`;
  if (process.env.CI) throw new Error(`${line}. CI leaves nothing out.`);
  process.stderr.write(`\n${'!'.repeat(100)}\n!! ${line}\n${'!'.repeat(100)}\n\n`);
  return undefined;
}

export const run = promisify(execFile);
