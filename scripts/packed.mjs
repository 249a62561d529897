import { execFileSync } from 'node:child_process';
import { root, tell } from './setup/shell.mjs';

/** Output is read, errors are shown. */
export const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };

/** Packs the package into `folder`; what npm says of the tarball. */
export function packInto(folder) {
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { ...quiet, cwd: root });
  return JSON.parse(told.slice(told.indexOf('[')))[0];
}

/** Runs checks one after another, tells of each, and counts. */
export function createChecks() {
  const failures = [];
  let passed = 0;
  return {
    check(what, test) {
      try {
        test();
        passed += 1;
        tell(`ok: ${what}`);
      } catch (error) {
        failures.push(what);
        tell(`FAILED: ${what}: ${error.message}\n${error.stdout ?? ''}`);
      }
    },
    get summary() {
      return `${passed} passed, ${failures.length} failed`;
    },
    get status() {
      return failures.length === 0 ? 0 : 1;
    },
  };
}
