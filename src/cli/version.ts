import { readFileSync } from 'node:fs';
import { packageFile } from '../package-files.js';
import { packagedStarFile } from '../solver/builtin/packaged-star-file.js';

/** The version of this package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}

/** What `--version` says: a line each for the package, whose engine has the same version, its stars, and Node. */
export function versionWords(): string {
  return [
    `astro-jobs ${packageVersion()}`,
    `engine builtin, ${starWords()}`,
    `node ${process.versions.node} on ${process.platform} ${process.arch}`,
  ].join('\n');
}

function starWords(): string {
  try {
    const { count, path } = packagedStarFile();
    return `${count.toLocaleString('en')} stars (${path})`;
  } catch (error) {
    return `its stars cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
