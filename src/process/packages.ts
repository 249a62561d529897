import { createRequire } from 'node:module';
import { AstroJobsError } from '../job/errors.js';
import { packageFile } from '../package-files.js';

function isInstalled(name: string): boolean {
  try {
    createRequire(packageFile('package.json')).resolve(name);
    return true;
  } catch (error) {
    // A package that is there and does not let itself be required can be imported all the same.
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}

/**
 * Says which optional packages are missing before anything is done that needs them.
 * @param what what needs them, as the beginning of a sentence
 * @throws AstroJobsError `missing_package`, with what to type
 */
export function assertInstalled(what: string, names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new AstroJobsError(
    'missing_package',
    `${what} needs ${missing.join(' and ')}, not installed beside astro-jobs: npm install ${missing.join(' ')}`,
  );
}
