import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, root, say } from './shell.mjs';

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** Whether node_modules holds what the lock file names; packages for other platforms aside. */
function upToDate() {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || installed[path]?.version === version,
  );
}

/**
 * The packages of the lock file, in its versions. Not by `npm ci`: it refuses a lock file that does not name the optional
 * packages of every other platform, and not every registry has them all.
 */
export async function installNpmPackages() {
  if (upToDate()) return;
  say('Installing npm packages');
  await must('npm', ['install', '--no-save', '--no-audit', '--no-fund']);
}
