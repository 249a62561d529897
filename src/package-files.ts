import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cwd } from 'node:process';
import { fileURLToPath } from 'node:url';
import { fromEnvironment } from './settings.js';

/**
 * The files that the package brings besides its modules: stars, catalogue, font, and the programs that run in threads and processes of
 * their own. They are found from this module, or, where a bundler has moved it into a host's program, from the installed package.
 */

const NAME = 'astro-jobs';
/** What no other folder holds. */
const MARK = join('data', 'stars.bin');

let root: string | undefined;

/**
 * The path of a file of the package.
 * @param parts below the folder of the package, such as `data`, `stars.bin`
 * @throws Error when the package is not found
 */
export function packageFile(...parts: string[]): string {
  root ??= findRoot();
  return join(root, ...parts);
}

function findRoot(): string {
  const named = fromEnvironment('packageDir');
  if (named) {
    if (existsSync(join(named, MARK))) return named;
    throw new Error(`ASTRO_JOBS_PACKAGE_DIR names ${named}, which does not hold ${MARK}`);
  }
  // A bundle of CommonJS modules has no import.meta.url.
  const program = process.argv[1] ? dirname(process.argv[1]) : cwd();
  const here = import.meta.url ? dirname(fileURLToPath(import.meta.url)) : program;
  const found =
    above(here) ?? [here, program, cwd()].map(installedFor).find((folder) => folder !== undefined);
  if (found) return found;
  throw new Error(
    `The files of ${NAME} are not found from ${here}: install the package beside the bundle, or name its folder in ASTRO_JOBS_PACKAGE_DIR`,
  );
}

/** The package that a module in this folder belongs to. */
function above(folder: string): string | undefined {
  if (existsSync(join(folder, MARK)) && existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : above(parent);
}

function installedFor(folder: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, 'index.js')).resolve(`${NAME}/package.json`));
  } catch {
    return undefined;
  }
}
